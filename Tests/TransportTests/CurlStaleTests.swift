import CLibcurl
import PlystraCore
import TestSupport
import Testing

@testable import PlystraCurlTransport

@Suite("CurlTransport: what nobody asked for", .timeLimit(.minutes(minutesOfAHang)))
struct CurlStaleTests {
  /// Those whose stale bytes can be waited for before the next request is sent.
  static let shapesSeenBefore = StaleShape.allCases.filter {
    $0 != .afterNextRequest && $0 != .beforeFirstRequest
  }

  private func check(_ number: Int, _ server: StaleServer, mayBeResent: Bool = true) -> TransportRequest {
    let body = #"{"action":"approve","resource":{"type":"invoice","id":"invoice_\#(number)"}}"#
    return curlRequest(
      server.shape.method, server.url, headers: ["X-Request-ID": "req_\(number)"],
      body: server.shape.method == "POST" ? Array(body.utf8) : nil, mayBeResent: mayBeResent)
  }

  private func isRight(_ response: TransportResponse, _ number: Int) -> Bool {
    let text = String(decoding: response.body, as: UTF8.self)
    return response.status < 300 && response.headers["X-Request-ID"] == "req_\(number)"
      && !text.contains(#""allow":true"#)
  }

  @Test("What waits before a request is sent is never its response", arguments: shapesSeenBefore)
  func waitingBytes(shape: StaleShape) async throws {
    let server = try StaleServer(shape: shape)
    defer { server.stop() }
    let transport = try CurlTransport()
    defer { transport.shutdown() }
    for number in 1...4 {
      let response = try await transport.send(check(number, server))
      try #require(isRight(response, number), "\(response.headers)")
      try await server.waitForStale(number)
    }
  }

  @Test("A request is not sent on a connection on which something waits")
  func notSent() async throws {
    let server = try StaleServer(shape: .after20ms)
    defer { server.stop() }
    let transport = try CurlTransport()
    defer { transport.shutdown() }
    for number in 1...3 {
      try #require(isRight(try await transport.send(check(number, server)), number))
      try await server.waitForStale(number)
    }
    #expect(server.server.requests.map(\.connection) == [0, 1, 2])
  }

  @Test(
    "A request finds its way past more dead connections than libcurl would try", arguments: [true, false])
  func manyConnections(closes: Bool) async throws {
    let (allIn, allOut, sent, allSent) = (try Gate(), try Gate(), Locked(0), try Gate())
    let count = 12
    let server = try RawServer.script { connection in
      while try connection.readRequest() != nil {
        if connection.number < count { try connection.wait(for: allIn) }
        try connection.send(TransportResponse(status: 200))
        guard connection.number < count else { continue }
        try connection.wait(for: allOut)
        try connection.send(TransportResponse(status: 408))
        if closes { connection.finishWriting() }
        try connection.waitUntilDelivered()
        let isLast = sent.withLock { sent in
          sent += 1
          return sent == count
        }
        if isLast { allSent.open() }
      }
    }
    defer { server.stop() }
    let transport = try CurlTransport()
    defer { transport.shutdown() }
    async let results = curlResults(
      of: (0..<count).map { _ in curlRequest("POST", server.url) }, by: transport)
    try await server.waitForRequests(count)
    allIn.open()
    #expect(await results.allSatisfy(\.isSuccess))
    allOut.open()
    try await allSent.waitUntilOpen()
    #expect(try await transport.send(curlRequest("POST", server.url)).status == 200)
  }

  /// The transfer is driven by hand, so that the bytes are there when the connection is ready.
  @Test("What a server sends before the first request of a connection is not its response")
  func talkativeServer() async throws {
    let server = try StaleServer(shape: .beforeFirstRequest)
    defer { server.stop() }
    let limits = try TransferLimits(.init())
    let multi = try MultiHandle(limits: limits)
    // After the handle has been released, as it shares the TLS sessions.
    defer { multi.free() }
    try talk(to: server, EasyHandle(limits: limits, multi: multi), multi)
    #expect(server.server.requests.isEmpty)
  }

  private func talk(to server: StaleServer, _ handle: EasyHandle, _ multi: MultiHandle) throws {
    let transfer = try curlTransfer(server.url)
    try handle.prepare(
      for: transfer, to: Host(origin: transfer.origin.key, generation: 0), connectTimeout: 60_000)
    var results: [(code: CURLcode, mayStartAgain: Bool)] = []
    for count in 1...2 {
      if count > 1 { try handle.prepareAgain() }
      #expect(multi.add(handle) == CURLM_OK)
      multi.perform()
      // Connecting takes more than one call.
      while server.staleCount < count { MonotonicTime.pauseThread(milliseconds: 1) }
      var code: CURLcode?
      while code == nil {
        multi.perform()
        code = multi.nextEnded()?.1
        if code == nil { _ = multi.poll(milliseconds: 1_000) }
      }
      results.append((try #require(code), handle.mayStartAgain))
      // Kept by libcurl for as long as the handle was in it.
      withExtendedLifetime(handle) { multi.remove(handle) }
    }
    #expect(results.map(\.code) == [CURLE_ABORTED_BY_CALLBACK, CURLE_ABORTED_BY_CALLBACK])
    #expect(results.map(\.mayStartAgain) == [true, false])
    if case .failure(let error) = handle.outcome(of: CURLE_ABORTED_BY_CALLBACK) {
      #expect(error.kind == .protocolViolation)
      #expect(!error.mayHaveBeenSent)
    } else {
      Issue.record("it should have failed")
    }
  }

  @Test("A stale response that comes after the request was sent is returned: only its id tells")
  func race() async throws {
    let server = try StaleServer(shape: .afterNextRequest)
    defer { server.stop() }
    let transport = try CurlTransport()
    defer { transport.shutdown() }
    #expect(isRight(try await transport.send(check(1, server)), 1))
    // No transport can see this one coming. It allows, but its id is not that of the request.
    let response = try await transport.send(check(2, server))
    #expect(response.headers["X-Request-ID"] == "req_unknown")
    #expect(String(decoding: response.body, as: UTF8.self).contains(#""allow":true"#))
  }
}
