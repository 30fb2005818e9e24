import Foundation
import PlystraCore

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// One call of `send`: it waits for its place in the queue, is handed to URLSession, and ends exactly once,
/// by whatever comes first of an answer, a failure, its time running out, cancellation and shutdown.
final class Exchange: Sendable {
  typealias Outcome = Result<TransportResponse, any Error>

  private struct State {
    var continuation: CheckedContinuation<TransportResponse, any Error>?
    var deadline: Deadline?
    var place: RequestQueue<Exchange>.Place?
    var transfer: Transfer?
    /// Set by the end of the exchange; everything above is nil from then on.
    var outcome: Outcome?
  }

  let request: URLRequest
  let maximumResponseBytes: Int
  let mayBeResent: Bool
  private let timeout: Duration
  private let host: String
  private let queue: RequestQueue<Exchange>
  private let sessions: Sessions
  private let state = Locked(State())

  /// Makes an exchange that has not begun.
  ///
  /// - Throws: ``TransportError`` if URLSession cannot send the request as it is.
  init(_ request: TransportRequest, queue: RequestQueue<Exchange>, sessions: Sessions) throws(TransportError)
  {
    self.request = try URLRequest(request)
    maximumResponseBytes = request.maximumResponseBytes
    mayBeResent = request.mayBeResent
    timeout = request.timeout
    let url = self.request.url
    host = "\(url?.scheme ?? "")://\(url?.host ?? ""):\(url?.port ?? 0)".lowercased()
    self.queue = queue
    self.sessions = sessions
  }

  /// Whether nobody has ended it yet.
  var isPending: Bool { state.withLock { $0.outcome == nil } }

  /// Runs it to its end, which `continuation` gets, at once if it was ended before it began.
  func begin(_ continuation: CheckedContinuation<TransportResponse, any Error>) {
    let deadline = Deadline(after: timeout) { [weak self] in self?.timeOut() }
    let earlyOutcome = state.withLock { state in
      if state.outcome == nil {
        state.continuation = continuation
        state.deadline = deadline
      }
      return state.outcome
    }
    if let earlyOutcome {
      continuation.resume(with: earlyOutcome)
    } else if timeout > .zero {
      enterQueue()
    } else {
      timeOut()
    }
  }

  private func enterQueue() {
    guard let (place, isAdmitted) = queue.enter(self, host: host) else {
      return fail(.shutDown, "the transport was shut down")
    }
    let isPending = state.withLock { state in
      if state.outcome == nil { state.place = place }
      return state.outcome == nil
    }
    if !isPending {
      giveBack(place)
    } else if isAdmitted {
      sessions.start(self)
    }
  }

  private func timeOut() { fail(.timeout, "the time for the request ran out") }

  /// Notes the transfer that is about to be started for it.
  ///
  /// - Returns: false if it has ended meanwhile, so that the transfer must not be started.
  func attach(_ transfer: Transfer) -> Bool {
    state.withLock { state in
      if state.outcome == nil { state.transfer = transfer }
      return state.outcome == nil
    }
  }

  /// Ends it by a failure of which only the exchange knows whether the request may have been sent.
  func fail(_ kind: TransportError.Kind, _ message: String) {
    end { state in
      .failure(TransportError(kind: kind, message: message, mayHaveBeenSent: state.transfer != nil))
    }
  }

  /// Ends it, unless it has ended before.
  func end(_ outcome: Outcome) { end { _ in outcome } }

  private func end(_ outcome: (State) -> Outcome) {
    let ended: State? = state.withLock { state in
      guard state.outcome == nil else { return nil }
      var ended = state
      ended.outcome = outcome(state)
      state = State(outcome: ended.outcome)
      return ended
    }
    guard let ended, let outcome = ended.outcome else { return }
    ended.deadline?.cancel()
    if let transfer = ended.transfer { sessions.abandon(transfer) }
    if let place = ended.place { giveBack(place) }
    ended.continuation?.resume(with: outcome)
  }

  private func giveBack(_ place: RequestQueue<Exchange>.Place) {
    if let successor = queue.leave(place) { successor.sessions.start(successor) }
  }
}
