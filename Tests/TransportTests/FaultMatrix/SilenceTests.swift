import PlystraCore
import TestSupport
import Testing

/// The service is there, and keeps its client waiting.
@Suite("Fault matrix: silence", .timeLimit(.minutes(minutesOfAHang)))
struct SilenceTests {
  @Test("Row 5: server accepts, never answers", arguments: TransportUnderTest.allCases, FaultCall.all)
  func neverAnswers(_ transport: TransportUnderTest, _ call: FaultCall) async throws {
    let server = try RawServer.script { connection in
      _ = try connection.readRequest()
      try connection.holdUntilClosed()
    }
    defer { server.stop() }
    let attempts = call.isReplayable ? 2 : 1
    try await transport.run(matrix: server.url, configuration: .attemptTimeout(.seconds(2))) { client in
      let error = try await client.failure(of: call)
      #expect(error.kind == .timeout && error.attempts == attempts)
      #expect(error.outcomeUnknown == !call.isReplayable)
      #expect((error.underlyingError as? TransportError)?.mayHaveBeenSent == true)
      #expect(client.time.waits.count == attempts - 1)
      for number in 0..<attempts { try await server.waitForDisconnect(ofConnection: number) }
    }
    #expect(server.requests.count == attempts)
  }

  @Test(
    "Row 6: one byte every 0.5 s, for ever", arguments: TransportUnderTest.allCases, FaultCall.all)
  func drips(_ transport: TransportUnderTest, _ call: FaultCall) async throws {
    try await expectDeadline(transport, call) { connection in
      _ = try connection.readRequest()
      try connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
      try connection.drip([UInt8](repeating: UInt8(ascii: " "), count: 100_000), every: .milliseconds(500))
    }
  }

  @Test(
    "Row 7: headers sent, body stalls", arguments: TransportUnderTest.allCases, FaultCall.all)
  func stalls(_ transport: TransportUnderTest, _ call: FaultCall) async throws {
    let body = try call.answer
    try await expectDeadline(transport, call) { connection in
      _ = try connection.readRequest()
      try connection.send("HTTP/1.1 200 OK\r\nContent-Length: \(body.count)\r\n\r\n")
      if call.class != .read { try connection.send(body.dropLast()) }
      try connection.holdUntilClosed()
    }
  }

  /// The whole call's deadline fires, although its attempt has time left, and the connection goes with it.
  private func expectDeadline(
    _ transport: TransportUnderTest, _ call: FaultCall, _ script: @escaping RawServer.Script
  ) async throws {
    let server = try RawServer.script(script)
    defer { server.stop() }
    var configuration = PlystraClient.Configuration.patient
    configuration.deadline = .seconds(2 * Sanitizer.slowdown)
    try await transport.run(matrix: server.url, configuration: configuration) { client in
      let start = client.time.now
      let error = try await client.failure(of: call)
      let duration = start.duration(to: client.time.now)
      #expect(duration >= configuration.deadline && duration < configuration.attemptTimeout)
      #expect(client.attempts.allSatisfy { $0.timeout <= configuration.deadline })
      #expect(error.kind == .timeout && error.attempts == 1)
      #expect(error.outcomeUnknown == !call.isReplayable)
      try await server.waitForDisconnect()
    }
    #expect(server.requests.count == 1)
  }
}
