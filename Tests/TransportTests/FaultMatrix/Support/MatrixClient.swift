import TestSupport
import Testing

@testable import PlystraCore

/// A client for a row of the matrix: it holds credentials that stand out, its waits are leapt over, and what it asks
/// of its transport is on record.
struct MatrixClient: Sendable {
  private(set) var plystra: PlystraClient
  let time: SkippedTime
  private let record: RecordingTransport
  private let events = EventRecord()

  init(
    url: String, transport: any HTTPTransport, configuration: PlystraClient.Configuration, time: SkippedTime,
    session: TokenPair? = nil
  ) throws {
    record = RecordingTransport(transport)
    self.time = time
    var configuration = configuration
    configuration.observer = events
    plystra = try PlystraClient(
      baseURL: url, credentials: session == nil ? Credentials(apiKey: Secret(Canary.apiKey)) : Credentials(),
      session: session, configuration: configuration, transport: record, timing: time.timing
    ).withRequestID(TransportResponse.sampleRequestID)
  }

  /// What an observer was told so far.
  var observed: [ClientEvent] { events.all }

  /// The attempts of all calls so far, as they were handed to the transport.
  var attempts: [TransportRequest] { record.requests }

  /// A copy with another deadline.
  func with(deadline: Duration) -> MatrixClient {
    var copy = self
    copy.plystra = plystra.with(deadline: deadline)
    return copy
  }

  /// Makes a call that must succeed, and be allowed if it asks for a decision.
  func succeed(_ call: FaultCall, sourceLocation: SourceLocation = #_sourceLocation) async throws {
    #expect(try await call.run(plystra) != false, sourceLocation: sourceLocation)
  }

  /// The error of a call that must fail, which shows no credential.
  func failure(
    of call: FaultCall, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> PlystraError {
    do {
      let isAllowed = try await call.run(plystra)
      Issue.record(
        "\(call.operation) succeeded; allowed: \(isAllowed == true)", sourceLocation: sourceLocation)
      throw UnexpectedSuccess()
    } catch let error as PlystraError {
      #expect(error.operation == call.operation, sourceLocation: sourceLocation)
      #expect(error.requestID != nil, sourceLocation: sourceLocation)
      Canary.expectHidden(in: error, sourceLocation: sourceLocation)
      return error
    }
  }

  private struct UnexpectedSuccess: Error {}
}

/// Keeps what a client tells of its calls.
private final class EventRecord: ClientObserver {
  private let log = Locked<[ClientEvent]>([])

  var all: [ClientEvent] { log.withLock { $0 } }

  func observe(_ event: ClientEvent) { log.withLock { $0.append(event) } }
}

/// Hands requests on and keeps what it was asked.
private final class RecordingTransport: HTTPTransport {
  private let next: any HTTPTransport
  private let log = Locked<[TransportRequest]>([])

  init(_ next: any HTTPTransport) { self.next = next }

  var requests: [TransportRequest] { log.withLock { $0 } }

  func send(_ request: TransportRequest) async throws -> TransportResponse {
    log.withLock { $0.append(request) }
    return try await next.send(request)
  }
}

extension PlystraClient.Configuration {
  /// Times that no test is meant to see run out.
  static var patient: PlystraClient.Configuration {
    PlystraClient.Configuration(deadline: .patience * 4, attemptTimeout: .patience)
  }

  /// Attempts that are given up after a time, multiplied under a sanitizer.
  static func attemptTimeout(_ timeout: Duration, attempts: Int = 2) -> PlystraClient.Configuration {
    var configuration = PlystraClient.Configuration.patient
    configuration.attemptTimeout = timeout * Sanitizer.slowdown
    configuration.retryPolicy.maximumAttempts = attempts
    return configuration
  }
}

extension TransportUnderTest {
  /// Runs a row with a client, whose observer sees no credential.
  func run<Result>(
    matrix url: String, configuration: PlystraClient.Configuration = .patient, connectionsPerHost: Int = 32,
    time: SkippedTime = SkippedTime(), session: TokenPair? = nil,
    _ body: (MatrixClient) async throws -> Result
  ) async throws -> Result {
    try await run(TransportConfiguration(connectionsPerHost: connectionsPerHost)) { transport in
      let client = try MatrixClient(
        url: url, transport: transport, configuration: configuration, time: time, session: session)
      let result = try await body(client)
      Canary.expectHidden(in: client.observed)
      return result
    }
  }

  /// The error of a call to a server that answers each request alike.
  func failure(
    of call: FaultCall, answeredBy answer: TransportResponse,
    configuration: PlystraClient.Configuration = .patient,
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> PlystraError {
    let server = try RawServer.answering { _, _ in answer }
    defer { server.stop() }
    return try await run(matrix: server.url, configuration: configuration) { client in
      try await client.failure(of: call, sourceLocation: sourceLocation)
    }
  }

  /// The error of a call to a server that plays a script for each connection.
  func failure(
    of call: FaultCall, against script: @escaping RawServer.Script,
    configuration: PlystraClient.Configuration = .patient,
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> PlystraError {
    let server = try RawServer.script(script)
    defer { server.stop() }
    return try await run(matrix: server.url, configuration: configuration) { client in
      try await client.failure(of: call, sourceLocation: sourceLocation)
    }
  }
}

extension TransportResponse {
  /// An answer of a text.
  static func text(_ text: String, status: Int = 200, headers: TransportHeaders = TransportHeaders())
    -> TransportResponse
  {
    TransportResponse(status: status, headers: headers, body: Array(text.utf8))
  }
}
