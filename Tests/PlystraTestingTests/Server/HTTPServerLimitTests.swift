import PlystraCore
import TestSupport
import Testing

@testable import PlystraTesting

@Suite("HTTP server: limits and faults", .timeLimit(.minutes(minutesOfAHang)))
struct HTTPServerLimitTests {
  private func limits(_ change: (inout ServerLimits) -> Void) -> ServerLimits {
    var limits = ServerLimits()
    change(&limits)
    return limits
  }

  struct Refused: CustomTestStringConvertible {
    let name: String
    let status: Int
    let head: String
    /// How many further bytes the client sends before it reads.
    var following = 0
    var testDescription: String { name }
  }

  @Test(
    "refuses what it does not read to the end, and the client gets to know",
    arguments: [
      Refused(name: "bad request line", status: 400, head: "hello\r\n\r\n"),
      Refused(name: "no host", status: 400, head: "GET / HTTP/1.1\r\n\r\n"),
      Refused(
        name: "announced body", status: 413,
        head: "PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 4000000\r\n\r\n", following: 4_000_000),
      Refused(
        name: "body held back", status: 413,
        head: "PUT / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 4000000\r\n\r\n"),
      Refused(
        name: "chunked body", status: 413,
        head: "PUT / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3d0900\r\n",
        following: 4_000_000),
      Refused(name: "endless head", status: 431, head: "GET / HTTP/1.1\r\nA: ", following: 4_000_000),
    ])
  func refused(_ row: Refused) async throws {
    let handled = Locked(0)
    let server = try HTTPServer(
      handler: ServerHandler { _, _ in
        handled.withLock { $0 += 1 }
        return TransportResponse(status: 200)
      })
    let (answer, rest) = try await RawClient.run(port: server.port) { client in
      try client.send(row.head)
      try client.send(repeating: UInt8(ascii: "a"), count: row.following)
      return (try client.readResponse(), try client.readToEnd())
    }
    #expect(answer?.status == row.status)
    #expect(answer?.headers["Connection"] == "close")
    #expect(rest == [])
    #expect(handled.withLock { $0 } == 0)
    await server.stop()
  }

  @Test("answers what was asked before a malformed request, then refuses and closes")
  func refusedLater() async throws {
    let server = try HTTPServer.echoing()
    let (answers, rest) = try await RawClient.run(port: server.port) { client in
      let good = "GET / HTTP/1.1\r\nHost: h\r\n\r\n"
      try client.send(good + "GET / HTTP/1.1\nHost: h\n\n" + good)
      return ([try client.readResponse(), try client.readResponse()], try client.readToEnd())
    }
    #expect(answers.map { $0?.status } == [200, 400])
    #expect(rest == [])
    await server.stop()
  }

  @Test("closes a connection at rest without a word, before and after a request", arguments: [false, true])
  func idle(_ afterRequest: Bool) async throws {
    let server = try HTTPServer.echoing(limits: limits { $0.idleTimeout = .milliseconds(50) })
    let rest = try await RawClient.run(port: server.port) { client in
      if afterRequest {
        try client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
        _ = try client.readResponse()
      }
      return try client.readToEnd()
    }
    #expect(rest == [])
    await server.stop()
  }

  @Test(
    "gives up a request that does not arrive, however it dawdles",
    arguments: ["GET / HT", "PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nabc"])
  func slowRequest(_ start: String) async throws {
    let server = try HTTPServer.echoing(limits: limits { $0.requestTimeout = .milliseconds(100) })
    let silent = try await RawClient.run(port: server.port) { client in
      try client.send(start)
      return (try client.readResponse(), try client.readToEnd())
    }
    #expect(silent.0?.status == 408)
    #expect(silent.1 == [])
    // Bytes that keep coming do not put it off.
    await #expect(throws: RawConnection.Ended.byPeer) {
      try await RawClient.run(port: server.port) { client in
        try client.send("POST / HTTP/1.1\r\nHost: h\r\nA: ")
        try client.drip(repeatElement(UInt8(ascii: "a"), count: 1_000_000), every: .milliseconds(5))
      }
    }
    await server.stop()
  }

  @Test("gives up a client that does not take its answer")
  func slowReader() async throws {
    let server = try HTTPServer.answering(
      [UInt8](repeating: 1, count: 64 << 20), limits: limits { $0.writeTimeout = .milliseconds(100) })
    let begun = try Gate()
    let ended = try Gate()
    async let received = RawClient.run(port: server.port, within: .seconds(60)) { client in
      try client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
      _ = try client.read(1)
      begun.open()
      try client.wait(for: ended, reading: false)
      // Closed with bytes unsent, the connection ends here or there in what was sent before, or in a reset.
      return (try? client.readToEnd().count) ?? 0
    }
    try await begun.waitUntilOpen()
    // Stopping waits for the answer to be taken or given up.
    await server.stop(within: .seconds(3600))
    ended.open()
    #expect(try await received < 64 << 20)
  }

  @Test("survives clients that leave in the middle of an answer")
  func writingToNobody() async throws {
    let server = try HTTPServer.answering([UInt8](repeating: 1, count: 8 << 20))
    for isReset in [true, false, true, false] {
      try await RawClient.run(port: server.port) { client in
        try client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
        _ = try client.read(1)
        if isReset { client.reset() } else { client.close() }
      }
    }
    let answer = try await RawClient.run(port: server.port) { client in
      try client.send("HEAD / HTTP/1.1\r\nHost: h\r\n\r\n")
      return try client.readResponse(hasBody: false)
    }
    #expect(answer?.status == 200)
    await server.stop()
  }

  @Test("cancels the handler of a client that breaks the connection")
  func clientGone() async throws {
    let (cancelled, continuation) = AsyncStream.makeStream(of: Bool.self)
    let started = try Gate()
    let server = try HTTPServer(
      handler: ServerHandler { _, _ in
        started.open()
        try? await Task.sleep(for: .seconds(3600))
        continuation.yield(Task.isCancelled)
        return TransportResponse(status: 200)
      })
    try await RawClient.run(port: server.port) { client in
      try client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
      try client.wait(for: started)
      client.reset()
    }
    var iterator = cancelled.makeAsyncIterator()
    #expect(await iterator.next() == true)
    await server.stop()
  }

  @Test("takes further connections when earlier ones end")
  func connectionLimit() async throws {
    let server = try HTTPServer.echoing(limits: limits { $0.maximumConnections = 2 })
    try await withThrowingTaskGroup(of: Int?.self) { group in
      for _ in 0..<10 {
        group.addTask {
          try await RawClient.run(port: server.port) { client in
            try client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            return try client.readResponse()?.status
          }
        }
      }
      for try await status in group { #expect(status == 200) }
    }
    await server.stop()
  }
}
