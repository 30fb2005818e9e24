import PlystraCore
import PlystraTesting
import TestSupport
import Testing

@Suite("Kernel server", .timeLimit(.minutes(minutesOfAHang)))
struct KernelServerTests {
  /// Makes exchanges on one connection.
  private func exchange(_ port: Int, _ requests: [String]) async throws -> [TransportResponse?] {
    try await RawClient.run(port: port) { client in
      var answers: [TransportResponse?] = []
      for request in requests {
        try client.send(request)
        answers.append(try client.readResponse())
      }
      return answers
    }
  }

  private func post(_ path: String, _ body: String, key: String? = nil) -> String {
    let credential = key.map { "X-Plystra-API-Key: \($0)\r\n" } ?? ""
    return "POST \(path) HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n\(credential)"
      + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
  }

  @Test("answers as the kernel does, with its state behind it")
  func exchanges() async throws {
    let kernel = InMemoryKernel()
    let server = try KernelServer(kernel).start()
    let authorization = String(decoding: try Fixtures.body("authz-request"), as: UTF8.self)
    let answers = try await exchange(
      server.port,
      [
        "GET /api/v1/health HTTP/1.1\r\nHost: h\r\nX-Request-ID: req_1\r\n\r\n",
        post("/api/v1/authz/check", authorization, key: "ply_kernel_secret"),
        post("/api/v1/authz/check", authorization),
        post("/api/v1/auth/login", #"{"email":"alice@example.com","password":"plystra-demo"}"#),
        "GET /nowhere HTTP/1.1\r\nHost: h\r\n\r\n",
      ])
    #expect(answers.map { $0?.status } == [200, 200, 401, 200, 404])
    #expect(answers.first??.headers["X-Request-ID"] == "req_1")
    #expect(answers.allSatisfy { $0?.headers["Cache-Control"] == "no-store" && $0?.headers["Date"] != nil })
    // The decision is in the audit of the very kernel that was served.
    let audit = try await kernel.send(
      TransportRequest(
        method: "GET", url: "http://h/api/v1/audit/logs?limit=1",
        headers: ["X-Plystra-API-Key": "ply_kernel_secret"]))
    #expect(audit.status == 200)
    #expect(String(decoding: audit.body, as: UTF8.self).contains(#""ip_address":"127.0.0.1""#))
    await server.stop()
  }

  @Test("leaves it to the kernel to refuse bodies beyond the service's limit")
  func largeBody() async throws {
    let server = try KernelServer(InMemoryKernel()).start()
    let body = String(repeating: " ", count: (1 << 20) + 1)
    let answers = try await exchange(
      server.port, [post("/api/v1/authz/check", body, key: "ply_kernel_secret")])
    #expect(answers.first??.status == 400)
    let text = String(decoding: answers.first??.body ?? [], as: UTF8.self)
    #expect(text.contains("VALIDATION_FAILED"))
    await server.stop()
  }

  @Test("two servers may serve one kernel, and a taken port is named")
  func ports() async throws {
    let kernel = InMemoryKernel()
    let first = try KernelServer(kernel).start()
    let second = try KernelServer(kernel).start(port: 0)
    #expect(first.port != second.port)
    #expect(first.url == "http://127.0.0.1:\(first.port)")
    let error = #expect(throws: ServerStartError.self) { try KernelServer(kernel).start(port: first.port) }
    #expect(error?.port == first.port)
    await first.stop()
    await second.stop()
  }
}
