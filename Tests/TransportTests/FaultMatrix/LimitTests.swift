import Foundation
import PlystraCore
import TestSupport
import Testing

/// Answers without end.
///
/// Each client runs in a process of its own: only there can its memory be measured, and only there does a flood hold up
/// no other test (all URLSessions of a process share one queue).
@Suite("Fault matrix: limits", .timeLimit(.minutes(minutesOfAHang)))
struct LimitTests {
  @Test(
    "A body of 3 GB (row 40)", arguments: TransportUnderTest.allCases,
    ["Content-Length: 3000000000\r\n", "", "Transfer-Encoding: chunked\r\n"])
  func body(_ transport: TransportUnderTest, _ framing: String) async throws {
    try await expectStopped(transport) { connection in
      try connection.send("HTTP/1.1 200 OK\r\n\(framing)\r\n")
      if framing.hasPrefix("Transfer") { try connection.send("b2d05e00\r\n") }
      // URLSession on Linux cannot let go of a connection on which there is always more to read.
      for _ in 0..<3_000 {
        try connection.send(repeating: UInt8(ascii: " "), count: 1_000_000)
        try connection.pause(.milliseconds(2))
      }
    }
  }

  @Test("A body of 300 MB that comes as 300 kB of gzip (row 40)", arguments: TransportUnderTest.allCases)
  func bomb(_ transport: TransportUnderTest) async throws {
    let bomb = GzipBomb.bytes(decodingTo: 300_000_000)
    try await expectStopped(transport) { connection in
      try connection.send(TransportResponse(status: 200, headers: ["Content-Encoding": "gzip"], body: bomb))
    }
  }

  @Test("A head without end (row 40)", arguments: TransportUnderTest.allCases)
  func headers(_ transport: TransportUnderTest) async throws {
    try await expectStopped(transport) { connection in
      try connection.send("HTTP/1.1 200 OK\r\n")
      let line = Array("X-Field: \(String(repeating: "v", count: 989))\r\n".utf8)
      for _ in 0..<3_000_000 { try connection.send(line) }
    }
  }

  /// Floods a decision and a write; both end at the cap, long before the flood does.
  private func expectStopped(
    _ transport: TransportUnderTest, _ flood: @escaping RawServer.Script
  ) async throws {
    let harmless = TransportResponse(status: 200, body: try FaultCall.version.answer)
    let server = try RawServer.script { connection in
      while let request = try connection.readRequest() {
        if request.target == "/api/v1/version" {
          try connection.send(harmless)
        } else {
          try flood(connection)
        }
      }
    }
    defer { server.stop() }
    await #expect(processExitsWith: .success) { [transport, url = server.url as String] in
      try await Self.expectTooLarge(transport, url: url)
    }
    // A third of what was to come, which leaves room for what the system's buffers and a busy machine may take.
    #expect(server.log.connections.allSatisfy { $0.sentByteCount < 1_000_000_000 })
    #expect(server.requests.filter { $0.method == "POST" }.count == 2)
  }

  private static func expectTooLarge(_ transport: TransportUnderTest, url: String) async throws {
    try await transport.run(matrix: url) { client in
      for _ in 0..<10 { try await client.succeed(.version) }
      let memory = try PeakMemory()
      for call in [FaultCall.check, .refresh] {
        let error = try await client.failure(of: call)
        #expect(error.kind == .transport && error.attempts == 1)
        #expect(error.outcomeUnknown == !call.isReplayable)
        #expect((error.underlyingError as? TransportError)?.kind == .responseTooLarge)
      }
      if !Sanitizer.isActive { #expect(try memory.growth() < 16 << 20) }
      try await client.succeed(.version)
    }
  }
}

extension TransportUnderTest: Codable {}

/// How much memory this process needs at most from some moment on.
private struct PeakMemory {
  #if os(Linux)
  private let start: Int

  /// Begins at what there is now.
  init() throws {
    try Data("5".utf8).write(to: URL(fileURLWithPath: "/proc/self/clear_refs"))
    start = try Self.kilobytes("VmRSS")
  }

  /// In bytes.
  func growth() throws -> Int { (try Self.kilobytes("VmHWM") - start) << 10 }

  private static func kilobytes(_ name: String) throws -> Int {
    let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("\(name):") })
    return try #require(line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) })
  }
  #else
  /// Elsewhere the system does not say.
  init() throws {}
  func growth() throws -> Int { 0 }
  #endif
}
