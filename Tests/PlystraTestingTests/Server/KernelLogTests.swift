import PlystraCore
import PlystraTesting
import TestSupport
import Testing

/// What a served kernel says about its requests.
@Suite struct KernelLogTests {
  private func lines(
    of requests: [TransportRequest], by kernel: InMemoryKernel = InMemoryKernel()
  ) async throws -> [String] {
    let lines = Locked<[String]>([])
    let server = try KernelServer(kernel).start { entry in lines.withLock { $0.append("\(entry)") } }
    for request in requests {
      _ = try await RawClient.run(port: server.port) { connection in
        var head = "\(request.method) \(request.url) HTTP/1.1\r\nHost: localhost\r\n"
        for field in request.headers { head += "\(field.name): \(field.value)\r\n" }
        let body = request.body ?? []
        try connection.send(head + "Content-Length: \(body.count)\r\nConnection: close\r\n\r\n")
        try connection.send(body)
        return try connection.readToEnd()
      }
    }
    await server.stop()
    return lines.withLock { $0 }
  }

  private func check(_ invoice: String) throws -> TransportRequest {
    var body = JSONObject()
    body["actor"] = [
      "user_id": "user_alice", "member_id": "member_finance_reviewer", "space_id": "space_acme",
      "user_member_id": "um_alice_finance_reviewer",
    ]
    body["resource_type"] = "invoice"
    body["resource_id"] = .string(invoice)
    body["action"] = "approve"
    return TransportRequest(
      method: "POST", url: "/api/v1/authz/check?api_key=canary",
      headers: ["X-Plystra-API-Key": "ply_kernel_secret"], body: JSONValue.object(body).serialized())
  }

  @Test func aLineTellsMethodPathStatusAndDecision() async throws {
    let lines = try await lines(of: [
      TransportRequest(method: "GET", url: "/api/v1/health"), try check("invoice_001"),
      try check("invoice_002"),
      TransportRequest(method: "GET", url: "/api/v1/capabilities"),
      TransportRequest(method: "GET", url: "/nowhere"),
      TransportRequest(
        method: "POST", url: "/api/v1/auth/login",
        body: Array(#"{"email":"alice@example.com","password":"plystra-demo"}"#.utf8)),
    ])
    #expect(
      lines == [
        "GET /api/v1/health 200", "POST /api/v1/authz/check 200 allow",
        "POST /api/v1/authz/check 200 deny SCOPE_OUT_OF_BOUNDS", "GET /api/v1/capabilities 401",
        "GET /nowhere 404", "POST /api/v1/auth/login 200",
      ])
  }

  @Test func aPlannedFailureIsShownAsItWas() async throws {
    let kernel = InMemoryKernel()
    kernel.fail(next: 1, with: .transportError(.reset))
    kernel.fail(next: 1, with: .status(503))
    let health = TransportRequest(method: "GET", url: "/api/v1/health")
    #expect(
      try await lines(of: [health, health], by: kernel) == [
        "GET /api/v1/health closed", "GET /api/v1/health 503",
      ])
  }

  @Test func noCredentialIsShown() async throws {
    let lines = try await lines(of: [
      TransportRequest(
        method: "GET", url: "/api/v1/audit/logs/ply_at_canary",
        headers: ["Authorization": "Bearer ply_at_canary"]),
      TransportRequest(
        method: "GET", url: "/keys/own-canary/x", headers: ["X-Plystra-API-Key": "own-canary"]),
      TransportRequest(method: "GET", url: "/a?token=canary"),
      TransportRequest(method: "GET", url: "/PLY_RT_canary"),
    ])
    #expect(lines == ["GET /api/v1/audit/logs/*** 401", "GET /keys/***/x 404", "GET /a 404", "GET /*** 404"])
  }

  @Test func aLongPathIsCut() async throws {
    let lines = try await lines(of: [
      TransportRequest(method: "GET", url: "/" + String(repeating: "a", count: 500))
    ])
    #expect(lines == ["GET /\(String(repeating: "a", count: 99))… 404"])
  }
}
