public import PlystraCore

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// Records what goes through another transport, for ``FixtureTransport`` to replay: an HTTP Archive (HAR 1.2), which
/// the developers' tools of browsers open too.
///
/// ```swift
/// let recording = try RecordingTransport(upstream: CurlTransport(), to: "Tests/Fixtures/session.har")
/// let plystra = try PlystraClient(baseURL: url, apiKey: key, transport: recording)
/// _ = try await plystra.authz.check(question)
/// try await recording.finish()
/// ```
///
/// Credentials, cookies, passwords, tokens, telephone numbers and e-mail addresses are taken out before an exchange is
/// kept, and whatever has become known as one is searched for once more before the file is written. The same secret
/// has the same placeholder throughout, such as `<redacted:access_token:1>`; the file holds none. Look at it all the
/// same before you share it: what only your application knows to be confidential is for its ``Redaction``.
///
/// Nothing is on disk before ``finish()``, which writes the file whole or not at all. Failures of the transport are
/// recorded as answers are; a request whose task was cancelled is not.
public final class RecordingTransport: HTTPTransport {
  /// An exchange without the secrets that were known when it ended.
  private struct Entry {
    let exchange: RecordedExchange
    let knownSecrets: Int
  }

  private struct State {
    var redactor: Redactor
    /// The exchanges by the order in which their requests came; nil while one is under way, or was cancelled.
    var entries: [Entry?] = []
    var underWay = 0
    var isFinished = false
  }

  private let upstream: any HTTPTransport
  private let file: NewFile
  private let now: @Sendable () -> Date
  private let time = TestTime(ContinuousClock())
  private let state: Locked<State>

  /// Begins a recording.
  ///
  /// - Parameters:
  ///   - upstream: what makes the exchanges.
  ///   - path: the file to write, in a folder that exists; its name usually ends in `.har`.
  ///   - overwriting: whether a file that is there may be replaced.
  ///   - redaction: what to hide beyond what is always hidden.
  ///   - now: the wall clock, by which exchanges are dated.
  /// - Throws: ``RecordingError`` when the file could not be written.
  public init(
    upstream: any HTTPTransport, to path: String, overwriting: Bool = false,
    redaction: Redaction = Redaction(), now: @escaping @Sendable () -> Date = { Date() }
  ) throws(RecordingError) {
    file = NewFile(path: path, overwrites: overwriting)
    try file.check()
    self.upstream = upstream
    self.now = now
    state = Locked(State(redactor: Redactor(redaction, style: .numbered(prefix: ""))))
  }

  /// How many exchanges are recorded so far.
  public var count: Int { state.withLock { $0.entries.reduce(0) { $0 + ($1 == nil ? 0 : 1) } } }

  /// Sends a request through the transport beneath, and records what came of it.
  ///
  /// - Throws: what the transport beneath throws; `TransportError` of kind `shutDown` once the recording is finished.
  public func send(_ request: TransportRequest) async throws -> TransportResponse {
    let position = try begin()
    let startedAt = now()
    let start = time.now()
    func record(_ outcome: RecordedExchange.Outcome?) {
      let exchange = outcome.map { outcome in
        RecordedExchange(
          startedAt: startedAt, duration: time.now() - start, request: request, outcome: outcome)
      }
      end(position, exchange)
    }
    do {
      let response = try await upstream.send(request)
      record(.answer(response))
      return response
    } catch {
      record((error as? TransportError).map { .failure($0) })
      throw error
    }
  }

  /// Passed on to the transport that makes the requests.
  public func closeConnection(_ id: UInt64) { upstream.closeConnection(id) }

  /// Passes the call on to the transport that this one wraps.
  public nonisolated(nonsending) func warmUp(with request: TransportRequest, connections: Int) async throws {
    try await upstream.warmUp(with: request, connections: connections)
  }

  private func begin() throws -> Int {
    try state.withLock { state in
      guard !state.isFinished else {
        throw TransportError(
          kind: .shutDown, message: "the recording to \(file.path) is finished", mayHaveBeenSent: false)
      }
      state.entries.append(nil)
      state.underWay += 1
      return state.entries.count - 1
    }
  }

  private func end(_ position: Int, _ exchange: RecordedExchange?) {
    state.withLock { state in
      state.underWay -= 1
      guard let clean = exchange?.redacted(by: &state.redactor) else { return }
      state.entries[position] = Entry(exchange: clean, knownSecrets: state.redactor.knownSecrets)
    }
  }

  /// Writes the file. Nothing can be sent through the recording afterwards.
  ///
  /// - Throws: ``RecordingError`` when requests are still under way or the file cannot be written; the recording goes
  ///   on then, and can be finished again.
  public func finish() async throws(RecordingError) {
    let exchanges = try state.withLock { (state) throws(RecordingError) in
      if state.isFinished { throw refusal("the recording is finished already") }
      if state.underWay > 0 {
        throw refusal("\(state.underWay) requests are still under way: await their calls before finish()")
      }
      state.isFinished = true
      return Self.exchanges(of: &state)
    }
    do throws(RecordingError) {
      try file.write(HARWriter.bytes(of: exchanges))
    } catch {
      state.withLock { $0.isFinished = false }
      throw error
    }
  }

  /// The exchanges without any secret that is known by now.
  private static func exchanges(of state: inout State) -> [RecordedExchange] {
    state.entries.compactMap { entry in
      guard let entry, entry.knownSecrets < state.redactor.knownSecrets else { return entry?.exchange }
      return entry.exchange.scanned(by: &state.redactor)
    }
  }

  private func refusal(_ reason: String) -> RecordingError { RecordingError(path: file.path, reason: reason) }
}

extension RecordingTransport: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// The file and how many exchanges are recorded.
  public var description: String { "RecordingTransport(\(OneLine.text(file.path)), \(count) exchanges)" }
  /// The same as `description`.
  public var debugDescription: String { description }
  /// Shows nothing beyond `description`.
  public var customMirror: Mirror { Mirror(self, children: []) }
}
