import PlystraCore
import PlystraTesting
import Testing

/// The kernel as a transport, used by many tasks at once.
@Suite struct KernelTransportTests {
  private func request(_ url: String = "http://kernel.test/api/v1/health") -> TransportRequest {
    TransportRequest(method: "GET", url: url)
  }

  @Test(arguments: ["http://kernel.test/api/v1/health", "https://10.0.0.1:8443/api/v1/health"])
  func answersWhateverTheHost(url: String) async throws {
    let response = try await InMemoryKernel().send(request(url))
    #expect(response.status == 200)
    #expect(try JSONValue(parsing: response.body)["data"] == ["status": "ok"])
  }

  @Test func aCancelledTaskGetsNoAnswer() async throws {
    let kernel = InMemoryKernel()
    let task = Task { [request = request()] in
      withUnsafeCurrentTask { $0?.cancel() }
      return try await kernel.send(request)
    }
    await #expect(throws: CancellationError.self) { try await task.value }
  }

  @Test func answersBeyondTheLimitAreRefused() async throws {
    let kernel = InMemoryKernel()
    var request = request()
    let size = try await kernel.send(request).body.count
    request.maximumResponseBytes = size
    #expect(try await kernel.send(request).body.count == size)
    request.maximumResponseBytes = size - 1
    let error = try await #require(throws: TransportError.self) { try await kernel.send(request) }
    #expect(error.kind == .responseTooLarge)
  }

  @Test func noTimeIsATimeout() async throws {
    var request = request()
    request.timeout = .zero
    let error = try await #require(throws: TransportError.self) {
      try await InMemoryKernel().send(request)
    }
    #expect(error.kind == .timeout)
    #expect(!error.mayHaveBeenSent)
  }

  @Test(arguments: ["/api/v1/health", "ftp://kernel.test/api/v1/health", ""])
  func otherURLsAreRefused(url: String) async throws {
    await #expect(throws: TransportError.self) { try await InMemoryKernel().send(request(url)) }
  }

  @Test func manyTasksShareOneState() async throws {
    let kernel = InMemoryKernel()
    let check = TransportRequest(
      method: "POST", url: "http://kernel.test/api/v1/authz/check",
      headers: ["X-Plystra-API-Key": "ply_kernel_secret"], body: CredentialTests.decision.serialized())
    let ids = try await withThrowingTaskGroup(of: String?.self) { group in
      for _ in 0..<200 {
        group.addTask {
          try JSONValue(parsing: await kernel.send(check).body).at("data.audit_log_id")?.stringValue
        }
      }
      return try await group.reduce(into: Set<String>()) { if let id = $1 { $0.insert(id) } }
    }
    #expect(ids.count == 200)
    let list = TransportRequest(
      method: "GET", url: "http://kernel.test/api/v1/audit/logs?limit=200",
      headers: ["X-Plystra-API-Key": "ply_kernel_secret"])
    let rows = try JSONValue(parsing: await kernel.send(list).body)["data"]?.arrayValue ?? []
    #expect(Set(rows.compactMap { $0["id"]?.stringValue }) == ids)
  }

  @Test func nothingThatIsPrintedHoldsACredential() async throws {
    let kernel = InMemoryKernel()
    let login = TransportRequest(
      method: "POST", url: "http://kernel.test/api/v1/auth/login",
      body: Array(#"{"email":"alice@example.com","password":"plystra-demo"}"#.utf8))
    #expect(try await kernel.send(login).status == 200)
    var printed = "\(kernel) \(String(reflecting: kernel)) \(KernelSeed.demo)"
    dump(kernel, to: &printed)
    dump(KernelSeed.demo, to: &printed)
    for secret in ["plystra-demo", "ply_kernel_secret", "ply_at_", "ply_rt_"] {
      #expect(!printed.contains(secret))
    }
  }
}
