import Foundation
import PlystraCore
import TestSupport
import Testing

/// The server that plays faults to HTTP clients must itself do to the byte what its scripts say.
@Suite("Raw server for tests", .timeLimit(.minutes(minutesOfAHang)))
struct RawServerTests {
  @Test("answers request after request on one connection and logs them")
  func keepAlive() async throws {
    let server = try RawServer.responding(status: 201, headers: ["X-A": "b"], body: Array("hello".utf8))
    defer { server.stop() }
    let answers = try await RawClient.run(port: server.port) { client in
      try client.send("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc")
      let first = try client.readResponse()
      try client.send("GET /b?c HTTP/1.1\r\nHost: x\r\n\r\n")
      return [first, try client.readResponse()]
    }
    #expect(answers.map { $0?.status } == [201, 201])
    #expect(answers.map { $0?.headers["X-A"] } == ["b", "b"])
    #expect(answers.map { $0?.body } == [Array("hello".utf8), Array("hello".utf8)])
    #expect(server.connectionCount == 1)
    #expect(server.requests.map(\.method) == ["POST", "GET"])
    #expect(server.requests.map(\.target) == ["/a", "/b?c"])
    #expect(server.requests.map(\.text) == ["abc", ""])
    #expect(server.requests.map(\.connection) == [0, 0])
  }

  @Test("numbers connections and requests, and records every byte")
  func numbers() async throws {
    let server = try RawServer.answering { request, number in
      TransportResponse(status: number == 0 ? 503 : 200, body: request.body)
    }
    defer { server.stop() }
    let sent = "PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
    var statuses: [Int?] = []
    for _ in 0..<2 {
      let answer = try await RawClient.run(port: server.port) { client in
        try client.send(sent)
        return try client.readResponse()
      }
      statuses.append(answer?.status)
      #expect(answer?.body == Array("abcde".utf8))
    }
    #expect(statuses == [503, 200])
    #expect(server.requests.map(\.connection) == [0, 1])
    #expect(server.requests.map(\.bytes) == [Array(sent.utf8), Array(sent.utf8)])
    #expect(server.log.connections.map(\.received) == [Array(sent.utf8), Array(sent.utf8)])
  }

  @Test("ends an answer in the middle by closing, and by resetting")
  func truncation() async throws {
    let server = try RawServer.script { connection in
      _ = try connection.readRequest()
      try connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")
      if connection.number == 1 { connection.reset() }
    }
    defer { server.stop() }
    let received = try await RawClient.run(port: server.port) { client in
      try client.send("GET / HTTP/1.1\r\n\r\n")
      return try client.readToEnd()
    }
    #expect(String(decoding: received, as: UTF8.self).hasSuffix("half"))
    await #expect(throws: RawConnection.Ended.byPeer) {
      try await RawClient.run(port: server.port) { client in
        try client.send("GET / HTTP/1.1\r\n\r\n")
        while try client.read(1) != nil {}
      }
    }
  }

  @Test("finishes its half of a connection and reads on")
  func halfClose() async throws {
    let server = try RawServer.script { connection in
      try connection.send("bye")
      connection.finishWriting()
      _ = try connection.readToEnd()
    }
    defer { server.stop() }
    let received = try await RawClient.run(port: server.port) { client in
      let received = try client.readToEnd()
      try client.send("still here")
      return received
    }
    #expect(received == Array("bye".utf8))
    try await server.waitForDisconnect()
    #expect(server.log.connections.first?.received == Array("still here".utf8))
  }

  @Test("holds silently until the client leaves")
  func hold() async throws {
    let server = try RawServer.script { try $0.holdUntilClosed() }
    defer { server.stop() }
    try await RawClient.run(port: server.port) { try $0.send("anything") }
    try await server.waitForDisconnect()
    #expect(server.log.connections.first?.sentByteCount == 0)
  }

  @Test("lets go of a client that it holds when it stops", arguments: ["hold", "drip", "gate"])
  func stopEndsScripts(_ kind: String) async throws {
    let gate = try Gate()
    let server = try RawServer.script { connection in
      _ = try connection.readRequest()
      switch kind {
      case "hold": try connection.holdUntilClosed()
      case "drip": try connection.drip(repeatElement(0, count: 1000), every: .seconds(3600))
      default: try connection.wait(for: gate)
      }
    }
    async let ended = RawClient.run(port: server.port) { client in
      try client.send("GET / HTTP/1.1\r\n\r\n")
      return try client.readToEnd().count
    }
    try await server.waitForRequests(1)
    if kind == "drip" {
      try await server.wait(for: "the first byte") { $0.connections.first?.sentByteCount == 1 }
    }
    server.stop()
    #expect(try await ended == (kind == "drip" ? 1 : 0))
    await #expect(throws: SystemCallFailure.self) { try await RawClient.run(port: server.port) { _ in } }
  }

  @Test("goes on when a gate opens, and notices a client that leaves during a pause")
  func gates() async throws {
    let gate = try Gate()
    let server = try RawServer.script { connection in
      _ = try connection.readRequest()
      try connection.wait(for: gate)
      try connection.send(TransportResponse(status: 204))
      try connection.pause(.seconds(3600))
    }
    defer { server.stop() }
    async let answer = RawClient.run(port: server.port) { client in
      try client.send("GET / HTTP/1.1\r\n\r\n")
      return try client.readResponse()
    }
    try await server.waitForRequests(1)
    #expect(server.log.connections.first?.sentByteCount == 0)
    gate.open()
    #expect(try await answer?.status == 204)
    try await server.waitForDisconnect()
  }

  @Test("sends large bodies, interim answers and bytes one by one as scripted")
  func rawBytes() async throws {
    let server = try RawServer.script { connection in
      try connection.send("HTTP/1.1 103 Early Hints\r\n\r\n")
      try connection.drip("HTTP/1.0 200 OK\r\n\r\n".utf8, every: .milliseconds(1))
      try connection.send(repeating: 7, count: 3 << 20)
    }
    defer { server.stop() }
    let answers = try await RawClient.run(port: server.port) { client in
      [try client.readResponse(), try client.readResponse()]
    }
    #expect(answers.map { $0?.status } == [103, 200])
    #expect(answers.last??.body == [UInt8](repeating: 7, count: 3 << 20))
  }

  @Test("listens on ::1 too")
  func ipv6() throws {
    let server = try RawServer.script(on: .ipv6) { _ in }
    defer { server.stop() }
    #expect(server.url == "http://[::1]:\(server.port)")
  }

  @Test("a wait ends by its limit, saying what was seen, or by cancellation")
  func waits() async throws {
    let server = try RawServer.responding()
    defer { server.stop() }
    let error = await #expect(throws: RawServerTimeout.self) {
      try await server.waitForRequests(1, within: .milliseconds(10))
    }
    #expect(error?.description.contains("1 requests; seen: 0 connections") == true)
    let waiting = Task { try await server.waitForRequests(1, within: .seconds(3600)) }
    waiting.cancel()
    await #expect(throws: CancellationError.self) { try await waiting.value }
  }

  @Test("stops when nobody holds it any more")
  func deinitialization() async throws {
    var server: RawServer? = try RawServer.script { try $0.holdUntilClosed() }
    let port = try #require(server?.port)
    let gate = try Gate()
    async let received = RawClient.run(port: port) { client in
      gate.open()
      return try client.readToEnd()
    }
    try await server?.waitForConnections(1)
    server = nil
    #expect(try await received == [])
    #expect(gate.isOpen)
  }

  @Test(
    "a gzip bomb is a valid stream of the size it promises",
    .enabled(if: FileManager.default.isExecutableFile(atPath: "/bin/gzip")))
  func gzipBomb() throws {
    let size = 1 + 258 * 50_000
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("bomb-\(UUID()).gz")
    defer { try? FileManager.default.removeItem(at: file) }
    let bomb = GzipBomb.bytes(decodingTo: size)
    try Data(bomb).write(to: file)
    let gzip = Process()
    let output = Pipe()
    gzip.executableURL = URL(fileURLWithPath: "/bin/gzip")
    gzip.arguments = ["-dc", file.path]
    gzip.standardOutput = output
    try gzip.run()
    let decoded = try #require(try output.fileHandleForReading.readToEnd())
    gzip.waitUntilExit()
    #expect(gzip.terminationStatus == 0)
    #expect(decoded == Data(count: size))
    #expect(bomb.count < size / 1000)
  }
}
