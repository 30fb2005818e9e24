import PlystraCore
import TestSupport
import Testing

@testable import PlystraTesting

@Suite("HTTP server: exchanges", .timeLimit(.minutes(minutesOfAHang)))
struct HTTPServerTests {
  @Test("answers on one connection again and again")
  func keepAlive() async throws {
    let server = try HTTPServer.echoing()
    let port = server.port
    let answers = try await RawClient.run(port: port) { client in
      var answers: [TransportResponse?] = []
      for number in 0..<3 {
        try client.send("POST /\(number) HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nab")
        answers.append(try client.readResponse())
      }
      return answers
    }
    #expect(answers.map { $0?.text } == (0..<3).map { "POST http://h/\($0) [ab] 127.0.0.1" })
    #expect(answers.allSatisfy { $0?.headers["Date"] != nil && $0?.headers["Connection"] == nil })
    #expect(server.url == "http://127.0.0.1:\(port)")
    await server.stop()
  }

  @Test("answers pipelined requests in their order, whatever each takes")
  func pipelining() async throws {
    // The first handler is finished only after the client has sent everything.
    let latch = Latch()
    let server = try HTTPServer(
      handler: ServerHandler { request, _ in
        if request.url.hasSuffix("/0") { await latch.wait() }
        return TransportResponse(status: 200, body: Array(request.url.utf8))
      })
    let answers = try await RawClient.run(port: server.port) { client in
      try client.send((0..<50).map { "GET /\($0) HTTP/1.1\r\nHost: h\r\n\r\n" }.joined())
      Task { await latch.open() }
      return try (0..<50).map { _ in try client.readResponse()?.text }
    }
    #expect(answers == (0..<50).map { "http://h/\($0)" })
    await server.stop()
  }

  @Test("answers what came before the client finished sending")
  func halfClose() async throws {
    let latch = Latch()
    let server = try HTTPServer(
      handler: ServerHandler { _, _ in
        await latch.wait()
        return TransportResponse(status: 200, body: [1])
      })
    let received = try await RawClient.run(port: server.port) { client in
      let request = "GET / HTTP/1.1\r\nHost: h\r\n\r\n"
      try client.send(request + request)
      client.finishWriting()
      Task { await latch.open() }
      let answers = [try client.readResponse()?.status, try client.readResponse()?.status]
      return (answers, try client.readToEnd())
    }
    #expect(received.0 == [200, 200])
    #expect(received.1 == [])
    await server.stop()
  }

  @Test("closes when the client asks for it, and after an HTTP/1.0 request that does not ask otherwise")
  func closing() async throws {
    let server = try HTTPServer.echoing()
    for head in ["GET / HTTP/1.1\r\nHost: h\r\nConnection: close", "GET / HTTP/1.0\r\nHost: h"] {
      let (answer, rest) = try await RawClient.run(port: server.port) { client in
        try client.send(head + "\r\n\r\nGET /unanswered HTTP/1.1\r\nHost: h\r\n\r\n")
        return (try client.readResponse(), try client.readToEnd())
      }
      #expect(answer?.status == 200)
      #expect(answer?.headers["Connection"] == "close")
      #expect(rest == [])
    }
    let kept = try await RawClient.run(port: server.port) { client in
      let request = "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"
      try client.send(request)
      let first = try client.readResponse()
      try client.send(request)
      return [first, try client.readResponse()]
    }
    #expect(kept.map { $0?.headers["Connection"] } == ["keep-alive", "keep-alive"])
    #expect(
      kept.map { $0?.text } == Array(repeating: "GET http://127.0.0.1:\(server.port)/ [] 127.0.0.1", count: 2)
    )
    await server.stop()
  }

  @Test("leaves the body out of the answer to HEAD")
  func head() async throws {
    let server = try HTTPServer.answering(Array("hello".utf8))
    let answers = try await RawClient.run(port: server.port) { client in
      try client.send("HEAD / HTTP/1.1\r\nHost: h\r\n\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n")
      return [try client.readResponse(hasBody: false), try client.readResponse()]
    }
    #expect(answers.map { $0?.headers["Content-Length"] } == ["5", "5"])
    #expect(answers.map { $0?.text } == ["", "hello"])
    await server.stop()
  }

  @Test("asks for a body that is held back, and takes chunks")
  func expectContinue() async throws {
    let server = try HTTPServer.echoing()
    let answers = try await RawClient.run(port: server.port) { client in
      let head = "POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n"
      try client.send(head)
      let interim = try client.readResponse()
      try client.send("3\r\nabc\r\n0\r\n\r\n")
      return [interim, try client.readResponse()]
    }
    #expect(answers.map { $0?.status } == [100, 200])
    #expect(answers.last??.text == "POST http://h/ [abc] 127.0.0.1")
    await server.stop()
  }

  @Test("serves hundreds of connections at once")
  func concurrency() async throws {
    let count = 300
    let arrived = Locked(0)
    let everybodyIsHere = Latch()
    let server = try HTTPServer(
      handler: ServerHandler { request, _ in
        // Nobody is answered before all are in flight.
        if arrived.withLock({
          $0 += 1; return $0 == count
        }) {
          await everybodyIsHere.open()
        }
        await everybodyIsHere.wait()
        return TransportResponse(status: 200, body: request.body ?? [])
      })
    try await withThrowingTaskGroup(of: Bool.self) { group in
      for number in 0..<count {
        group.addTask {
          let body = "number \(number)"
          let answer = try await RawClient.run(port: server.port, within: .seconds(60)) { client in
            try client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
            return try client.readResponse()
          }
          return answer?.text == body
        }
      }
      for try await isRight in group { #expect(isRight) }
    }
    await server.stop()
  }

  @Test("hands bodies of more than the service's limit to the handler, whole")
  func largeBodies() async throws {
    let server = try HTTPServer(
      handler: ServerHandler { request, _ in TransportResponse(status: 200, body: request.body ?? []) })
    for size in [(1 << 20) + 1, 2 << 20] {
      let body = [UInt8](repeating: 7, count: size)
      let answer = try await RawClient.run(port: server.port) { client in
        try client.send("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: \(size)\r\n\r\n")
        try client.send(body)
        return try client.readResponse()
      }
      #expect(answer?.body == body)
    }
    await server.stop()
  }

  @Test("sends a large answer to a client that reads late, and serves others meanwhile")
  func backPressure() async throws {
    let body = [UInt8](repeating: 9, count: 32 << 20)
    let server = try HTTPServer.answering(body)
    let gate = try Gate()
    async let late = RawClient.run(port: server.port, within: .seconds(60)) { client in
      try client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n")
      // `read` takes only what it is asked for, so the answer backs up to the server.
      let start = try client.read(1)
      try client.wait(for: gate, reading: false)
      return [
        start?.count, try client.readHead()?.count, try client.read(body.count)?.count,
        try client.readResponse()?.body.count,
      ]
    }
    let other = try await RawClient.run(port: server.port) { client in
      try client.send("HEAD / HTTP/1.1\r\nHost: h\r\n\r\n")
      return try client.readResponse(hasBody: false)?.status
    }
    gate.open()
    #expect(other == 200)
    let counts = try await late
    #expect(counts.first == 1)
    #expect(counts.suffix(2) == [body.count, body.count])
    await server.stop()
  }

  @Test("an answer that cannot be sent becomes a 500")
  func unsendable() async throws {
    let server = try HTTPServer(
      handler: ServerHandler { _, _ in TransportResponse(status: 200, headers: ["A": "b\r\nSet-Cookie: c"]) })
    let answer = try await RawClient.run(port: server.port) { client in
      try client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
      return try client.readResponse()
    }
    #expect(answer?.status == 500)
    #expect(answer?.headers["Set-Cookie"] == nil)
    await server.stop()
  }

  @Test("tells why it cannot listen")
  func startErrors() async throws {
    let server = try HTTPServer.echoing()
    let port = server.port
    let taken = #expect(throws: ServerStartError.self) {
      try HTTPServer(port: port, handler: ServerHandler { _, _ in TransportResponse(status: 200) })
    }
    #expect(taken?.port == port)
    #expect(
      taken?.description.contains("127.0.0.1:\(port): Address already in use; choose another port") == true)
    for port in [-1, 65_536] {
      let error = #expect(throws: ServerStartError.self) {
        try HTTPServer(port: port, handler: ServerHandler { _, _ in TransportResponse(status: 200) })
      }
      #expect(error?.description == "the port \(port) is outside 0…65,535")
    }
    await server.stop()
  }
}
