import Dispatch
import Foundation
import PlystraCore

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// The URLSessions of a transport, and the one queue from which they are called.
///
/// Calls from several threads at once, or from the delegate, can wait for URLSession's own queue for ever.
/// Whatever is slow here holds up no caller: exchanges end without it.
final class Sessions: Sendable {
  /// A session whose connections are reused, with its own delegate: task identifiers are unique within a session only.
  private struct Shared {
    let session: URLSession
    let delegate = TransferDelegate()
    /// Counts the sessions that replaced another.
    let generation: UInt64
    let start = ContinuousClock.now

    init(generation: UInt64, connectionsPerHost: Int) {
      self.generation = generation
      session = Sessions.makeSession(delegate: delegate, connectionsPerHost: connectionsPerHost)
    }
  }

  private let queue = DispatchQueue(label: "plystra.urlsession.calls")
  /// The session of all requests that may be resent; nil once it is invalidated, when a new task would trap.
  ///
  /// Used on `queue` only, so that no invalidation comes between looking and making a task.
  private let shared: Locked<Shared?>
  private let connectionsPerHost: Int
  /// How long a session is shared, so that none of its connections is used longer.
  private let maximumAge: Duration?

  init(connectionsPerHost: Int, maximumAge: Duration? = nil) {
    self.connectionsPerHost = connectionsPerHost
    self.maximumAge = maximumAge
    shared = Locked(Shared(generation: 1, connectionsPerHost: connectionsPerHost))
  }

  // No exchange is left then, since each keeps the sessions.
  deinit { invalidate() }

  /// Starts an exchange, unless it ends before its turn comes.
  func start(_ exchange: Exchange) {
    queue.async { [self] in
      guard exchange.isPending else { return }
      replaceIfOld()
      guard let shared = shared.withLock({ $0 }) else {
        return exchange.fail(.shutDown, "the transport was shut down")
      }
      if exchange.mayBeResent {
        start(exchange, on: shared.session, delegate: shared.delegate, connectionID: shared.generation)
      } else {
        startOnce(exchange)
      }
    }
  }

  /// Sends what must not arrive twice on a session of its own, which has no connection that was used before:
  /// libcurl silently repeats a request only when such a connection turns out dead.
  private func startOnce(_ exchange: Exchange) {
    let delegate = TransferDelegate()
    let session = Self.makeSession(delegate: delegate, connectionsPerHost: 1)
    // No number: nothing else comes over its connection.
    start(exchange, on: session, delegate: delegate, connectionID: nil)
    // Takes effect when the task has ended, and lets go of the delegate then.
    session.finishTasksAndInvalidate()
  }

  private func start(
    _ exchange: Exchange, on session: URLSession, delegate: TransferDelegate, connectionID: UInt64?
  ) {
    let transfer = Transfer(
      task: session.dataTask(with: exchange.request), exchange: exchange, connectionID: connectionID)
    delegate.register(transfer)
    if exchange.attach(transfer) {
      transfer.task.resume()
    } else {
      transfer.cancel()
    }
  }

  /// Stops a transfer whose exchange has ended, if it goes on.
  func abandon(_ transfer: Transfer) {
    if transfer.isOpen { queue.async { transfer.cancel() } }
  }

  /// Replaces the shared session if it is still that of a generation: no exchange that starts later uses a connection of
  /// the former one, which ends with its last task.
  func replace(generation: UInt64) {
    queue.async { [weak self] in self?.replace { $0.generation == generation } }
  }

  private func replaceIfOld() {
    guard let maximumAge else { return }
    replace { $0.start.duration(to: .now) >= maximumAge }
  }

  /// On `queue` only.
  private func replace(if isOver: (Shared) -> Bool) {
    let former = shared.withLock { shared -> URLSession? in
      guard let current = shared, isOver(current) else { return nil }
      shared = Shared(generation: current.generation + 1, connectionsPerHost: connectionsPerHost)
      return current.session
    }
    former?.finishTasksAndInvalidate()
  }

  /// Lets go of the shared session once its tasks have ended, which closes its connections. Starts nothing
  /// from then on.
  func invalidate() {
    queue.async { [shared] in
      let session = shared.withLock { shared in
        defer { shared = nil }
        return shared?.session
      }
      session?.finishTasksAndInvalidate()
    }
  }

  private static func makeSession(delegate: TransferDelegate, connectionsPerHost: Int) -> URLSession {
    let configuration = URLSessionConfiguration.ephemeral
    configuration.urlCache = nil
    configuration.httpCookieStorage = nil
    configuration.urlCredentialStorage = nil
    configuration.httpShouldSetCookies = false
    configuration.httpCookieAcceptPolicy = .never
    configuration.httpMaximumConnectionsPerHost = connectionsPerHost
    #if canImport(FoundationNetworking)
    let delegateQueue = InlineOperationQueue()
    #else
    configuration.connectionProxyDictionary = [:]
    let delegateQueue = OperationQueue()
    delegateQueue.maxConcurrentOperationCount = 1
    #endif
    return URLSession(configuration: configuration, delegate: delegate, delegateQueue: delegateQueue)
  }
}
