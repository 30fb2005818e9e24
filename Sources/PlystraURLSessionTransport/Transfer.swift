import Foundation
import PlystraCore

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// One task of a URLSession, what has arrived for it, and the exchange that waits for that.
///
/// The session's delegate reports here; the outcome goes to the exchange, which may long have ended.
final class Transfer: Sendable {
  /// What may still be done to the task.
  private enum Fate { case open, redirectAnswered, cancelled, completed }

  private struct State {
    var fate = Fate.open
    var head: HTTPURLResponse?
    /// The body so far; put together at the end, since an array that grows needs three times its size.
    var pieces: [Data] = []
    var byteCount = 0
    var isBodyTooLarge = false
  }

  let task: URLSessionDataTask
  private let exchange: Exchange
  private let connectionID: UInt64?
  private let state = Locked(State())

  init(task: URLSessionDataTask, exchange: Exchange, connectionID: UInt64?) {
    self.task = task
    self.connectionID = connectionID
    self.exchange = exchange
  }

  // MARK: What arrives

  /// Takes the head of an answer, of an interim one too.
  func receive(_ head: URLResponse) {
    guard let head = head as? HTTPURLResponse else {
      return exchange.fail(.protocolViolation, "the answer is not one of HTTP")
    }
    switch head.statusCode {
    case 101: exchange.fail(.protocolViolation, "the server switched protocols (101), which nobody asked for")
    case 100..<200: break
    default: state.withLock { $0.head = head }
    }
  }

  /// Takes a piece of the body, decoded.
  func receive(_ piece: Data) {
    let isTooLarge = state.withLock { state in
      guard !state.isBodyTooLarge else { return false }
      if piece.count > exchange.maximumResponseBytes - state.byteCount {
        state.isBodyTooLarge = true
        state.pieces = []
        return true
      }
      state.pieces.append(piece)
      state.byteCount += piece.count
      return false
    }
    if isTooLarge {
      exchange.fail(
        .responseTooLarge, "the body of the answer exceeds \(exchange.maximumResponseBytes) bytes")
    }
  }

  /// Takes the end of the task.
  func complete(_ error: (any Error)?) {
    let answerBegan = state.withLock { state in
      state.fate = .completed
      return state.head != nil
    }
    if let error {
      exchange.end(.failure(TransportError(error, answerBegan: answerBegan)))
    } else {
      deliver()
    }
  }

  /// Ends the exchange with the answer that has arrived.
  func deliver() {
    let (head, pieces, byteCount) = state.withLock { ($0.head, $0.pieces, $0.byteCount) }
    // FoundationNetworking reports neither head nor body of a redirect without a Location.
    guard let head = head ?? task.response as? HTTPURLResponse else {
      return exchange.fail(.protocolViolation, "the exchange ended without an answer")
    }
    guard (200...599).contains(head.statusCode) else {
      return exchange.fail(.protocolViolation, "the status \(head.statusCode) is not within 200…599")
    }
    var body: [UInt8] = []
    body.reserveCapacity(byteCount)
    for piece in pieces { body.append(contentsOf: piece) }
    exchange.end(
      .success(
        TransportResponse(
          status: head.statusCode, headers: TransportHeaders(head), body: body, connectionID: connectionID)))
  }

  /// Ends the exchange because libcurl is about to send the request again without its body.
  func refuseReplay() {
    exchange.fail(.reset, "the connection, which had been used before, was closed before the answer began")
  }

  // MARK: What is done to the task

  /// Whether there is still something to cancel.
  var isOpen: Bool { state.withLock { $0.fate == .open } }

  /// Cancels the task, unless a redirect was answered: FoundationNetworking traps if both happen, and a task
  /// whose redirect was refused ends by itself.
  ///
  /// To be called on the queue for calls to URLSession.
  func cancel() {
    if claim(.cancelled) { task.cancel() }
  }

  /// Whether the redirect may be answered; if not, the task is being cancelled, which is its end.
  func claimRedirect() -> Bool { claim(.redirectAnswered) }

  private func claim(_ fate: Fate) -> Bool {
    state.withLock { state in
      guard state.fate == .open else { return false }
      state.fate = fate
      return true
    }
  }
}

extension TransportHeaders {
  /// The fields of an answer by name, since URLSession forgets their order; those of the same name are
  /// joined.
  fileprivate init(_ head: HTTPURLResponse) {
    let fields = head.allHeaderFields.compactMap { field -> (name: String, value: String)? in
      guard let name = field.key as? String, let value = field.value as? String else { return nil }
      return (name, value.trimmingCharacters(in: .whitespaces))
    }
    self.init(fields.sorted { $0.name < $1.name })
  }
}
