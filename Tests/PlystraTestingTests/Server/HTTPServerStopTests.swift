import Dispatch
import PlystraCore
import TestSupport
import Testing

@testable import PlystraTesting

@Suite("HTTP server: stopping", .timeLimit(.minutes(minutesOfAHang)))
struct HTTPServerStopTests {
  @Test("stops: closes what rests, finishes what is in flight, takes nothing new")
  func gracefulStop() async throws {
    let started = try Gate()
    let latch = Latch()
    let server = try HTTPServer(
      handler: ServerHandler { _, _ in
        started.open()
        await latch.wait()
        return TransportResponse(status: 200, body: [1, 2, 3])
      })
    let port = server.port
    let isConnected = try Gate()
    async let idle = RawClient.run(port: port) { client in
      isConnected.open()
      return try client.readToEnd()
    }
    async let busy = RawClient.run(port: port) { client in
      try client.wait(for: isConnected)
      try client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
      return (try client.readResponse(), try client.readToEnd())
    }
    try await started.waitUntilOpen()
    async let stop: Void = server.stop(within: .seconds(3600))
    // The connection at rest ends while the other is still being answered.
    #expect(try await idle == [])
    await latch.open()
    let (answer, rest) = try await busy
    #expect(answer?.body == [1, 2, 3])
    #expect(answer?.headers["Connection"] == "close")
    #expect(rest == [])
    await stop
    await #expect(throws: SystemCallFailure.self) { try await RawClient.run(port: port) { _ in } }
    await server.stop()
  }

  @Test("stops within its limit though a handler goes on, and cancels that handler")
  func forcedStop() async throws {
    let (cancelled, continuation) = AsyncStream.makeStream(of: Bool.self)
    let started = try Gate()
    let server = try HTTPServer(
      handler: ServerHandler { _, _ in
        started.open()
        try? await Task.sleep(for: .seconds(3600))
        // The server's thread may be gone by now: the rest of the task is run elsewhere.
        await Task.yield()
        continuation.yield(Task.isCancelled)
        return TransportResponse(status: 200)
      })
    async let received = RawClient.run(port: server.port) { client in
      try client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
      return try client.readToEnd()
    }
    try await started.waitUntilOpen()
    await server.stop(within: .milliseconds(20))
    #expect(try await received == [])
    var iterator = cancelled.makeAsyncIterator()
    #expect(await iterator.next() == true)
  }

  @Test("stops when nobody holds it any more")
  func deinitialization() async throws {
    var server: HTTPServer? = try .echoing()
    let port = try #require(server?.port)
    let answered = try Gate()
    async let rest = RawClient.run(port: port) { client in
      try client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
      _ = try client.readResponse()
      answered.open()
      return try client.readToEnd()
    }
    try await answered.waitUntilOpen()
    server = nil
    #expect(try await rest == [])
  }

  @Test("answers requests that had arrived when it was told to stop, though nobody had looked at them yet")
  func unreadRequests() async throws {
    let blocked = try Gate()
    let resumed = DispatchSemaphore(value: 0)
    let server = try HTTPServer(
      handler: ServerHandler { request, _ in
        // Keeps the server's thread from looking at its connections.
        if request.url.hasSuffix("/block") { block(blocked, resumed) }
        return TransportResponse(status: 200)
      })
    let port = server.port
    let (isAccepted, hasSent) = (try Gate(), try Gate())
    let request = "GET / HTTP/1.1\r\nHost: h\r\n\r\n"
    async let accepted = RawClient.run(port: port) { client in
      try client.send(request)
      _ = try client.readResponse()
      isAccepted.open()
      try client.wait(for: blocked)
      try client.send(request)
      hasSent.open()
      return try client.readResponse()
    }
    try await isAccepted.waitUntilOpen()
    async let blocker = RawClient.run(port: port) { client in
      try client.send("GET /block HTTP/1.1\r\nHost: h\r\n\r\n")
      return try client.readResponse()
    }
    try await hasSent.waitUntilOpen()
    let isQueued = try Gate()
    async let queued = RawClient.run(port: port) { client in
      try client.send(request)
      isQueued.open()
      return try client.readResponse()
    }
    try await isQueued.waitUntilOpen()
    server.beginStop(within: .seconds(3600))
    resumed.signal()
    #expect(try await blocker?.status == 200)
    #expect(try await accepted?.status == 200)
    #expect(try await queued?.status == 200)
    await server.stop(within: .seconds(3600))
  }
}

private func block(_ blocked: Gate, _ resumed: DispatchSemaphore) {
  blocked.open()
  resumed.wait()
}
