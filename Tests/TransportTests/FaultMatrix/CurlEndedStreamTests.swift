import CLibcurl
import PlystraCore
import TestSupport
import Testing

/// HTTP/2 streams that end without a response. Only requests that may be resent go over HTTP/2.
@Suite(
  "Fault matrix: HTTP/2 streams that end early", .timeLimit(.minutes(minutesOfAHang)),
  .enabled(if: TLSContext.obstacle == nil, "nginx, openssl or libcurl with OpenSSL is missing"),
  .enabled(
    if: plystra_speaks_http2(), "this libcurl has no HTTP/2, or one that takes cut responses for whole ones"))
struct CurlEndedStreamTests {
  /// Where a request came in.
  struct Arrival: Hashable, Sendable {
    let connection: Int
    let stream: UInt8
  }

  typealias Script = @Sendable (RawConnection, TLSConnection, UInt8) throws -> Void

  /// Runs a test with a client and an HTTP/2 server that plays a script for each request, whose stream it is given.
  private func run<Result>(
    _ script: @escaping Script, _ body: (MatrixClient, () -> [Arrival]) async throws -> Result
  ) async throws -> Result {
    let certificates = try TestCertificates()
    let context = try TLSContext(certificates)
    let arrivals = Locked<[Arrival]>([])
    let server = try RawServer.script { raw in
      let connection = try TLSConnection(raw, context)
      guard let peer = try HTTP2Peer(connection) else { return }
      while let request = try peer.readRequest() {
        arrivals.withLock { $0.append(Arrival(connection: raw.number, stream: request.stream)) }
        try script(raw, connection, request.stream)
      }
    }
    defer { server.stop() }
    let configuration = TransportConfiguration(certificateAuthorities: .file(certificates.authority))
    return try await TransportUnderTest.curl.run(configuration) { transport in
      let client = try MatrixClient(
        url: "https://localhost:\(server.port)", transport: transport, configuration: .patient,
        time: SkippedTime())
      return try await body(client) { arrivals.withLock { $0 } }
    }
  }

  /// The failure of a decision with a server that plays this script, after as many attempts as there are.
  private func failure(_ script: @escaping Script) async throws -> TransportError {
    try await run(script) { client, _ in
      let error = try await client.failure(of: .check)
      #expect(error.kind == .transport && !error.outcomeUnknown)
      let cause = try #require(error.underlyingError as? TransportError)
      #expect(error.attempts == (cause.kind == .protocolViolation ? 1 : 3), "\(cause)")
      return cause
    }
  }

  private static func allowed(_ stream: UInt8) throws -> [UInt8] {
    Frame.response(stream: stream, fields: [], body: try FaultCall.check.answer)
  }

  @Test(
    "Row 59: GOAWAY: streams up to the last get their responses, requests on others go to a new connection")
  func goAway() async throws {
    let firstIsIn = try Gate()
    try await run { raw, connection, stream in
      switch (raw.number, stream) {
      case (0, 3): firstIsIn.open()
      case (0, 5): try connection.send(Frame.goAway(last: 3) + Self.allowed(3))
      default: try connection.send(Self.allowed(stream))
      }
    } _: { client, arrivals in
      try await client.succeed(.check)
      async let first: Void = client.succeed(.check)
      try await firstIsIn.waitUntilOpen()
      try await client.succeed(.check)
      try await first
      let seen: [(connection: Int, stream: UInt8)] = [(0, 1), (0, 3), (0, 5), (1, 1)]
      #expect(arrivals() == seen.map { Arrival(connection: $0.connection, stream: $0.stream) })
    }
  }

  @Test("Row 59: REFUSED_STREAM, once")
  func refusedOnce() async throws {
    try await run { raw, connection, stream in
      try connection.send(raw.number == 0 ? Frame.reset(stream: stream, code: 7) : Self.allowed(stream))
    } _: { client, arrivals in
      try await client.succeed(.check)
      #expect(arrivals() == [0, 1].map { Arrival(connection: $0, stream: 1) })
    }
  }

  @Test("Row 59: REFUSED_STREAM, always")
  func refusedAlways() async throws {
    let cause = try await failure { _, connection, stream in
      try connection.send(Frame.reset(stream: stream, code: 7))
    }
    // It sent the request several times, and does not say whether each of them was refused.
    #expect(cause.kind == .reset, "\(cause)")
  }

  /// The parts of a response after which a stream may end: none, an interim response, and all but the last byte.
  private static func begun(_ part: Int, on stream: UInt8) throws -> [UInt8] {
    switch part {
    case 0: []
    case 1: Frame.interim(stream: stream)
    default:
      Frame.response(stream: stream, fields: [], body: try FaultCall.check.answer.dropLast(), ends: false)
    }
  }

  @Test(
    "Row 59: a stream that ends before its response, or in the middle of it", arguments: [2, 8] as [UInt8],
    0..<3)
  func ended(code: UInt8, part: Int) async throws {
    let cause = try await failure { _, connection, stream in
      try connection.send(Self.begun(part, on: stream) + Frame.reset(stream: stream, code: code))
    }
    // What comes in one read with the reset, libcurl may not report.
    #expect(cause.kind == .reset || part > 0 && cause.kind == .truncated, "\(cause)")
    #expect(cause.mayHaveBeenSent)
  }

  @Test("Row 59: a stream that ends in the same way, but without an error, is no decision", arguments: 0..<3)
  func endedWithoutError(part: Int) async throws {
    try await run { _, connection, stream in
      try connection.send(Self.begun(part, on: stream) + Frame.reset(stream: stream, code: 0))
    } _: { client, _ in
      let error = try await client.failure(of: .check)
      // Newer versions of libcurl take what has come for a whole body of unannounced length.
      #expect(error.kind == .transport || part == 2 && error.kind == .decoding, "\(error)")
      #expect(error.isRetryable)
    }
  }

  @Test("Row 59: a body without a head, or nothing at all, and the end of the stream", arguments: [0, 1, 99])
  func withoutHead(count: Int) async throws {
    let cause = try await failure { _, connection, stream in
      try connection.send(Frame.data([UInt8](repeating: 65, count: count), stream: stream, ends: true))
    }
    // Some versions of libcurl see no more of it than the end of the stream.
    #expect([.protocolViolation, .reset].contains(cause.kind) && cause.mayHaveBeenSent, "\(cause)")
  }

  @Test("Row 59: GOAWAY and the end of the connection, with a stream under way", arguments: [true, false])
  func goAwayAndClose(byAlert: Bool) async throws {
    let cause = try await failure { raw, connection, stream in
      try connection.send(Frame.goAway(last: stream))
      if byAlert { try connection.finish() } else { raw.close() }
    }
    #expect(cause.kind == .reset && cause.mayHaveBeenSent, "\(cause)")
  }
}
