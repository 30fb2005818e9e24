import PlystraCore
import PlystraTesting
import TestSupport
import Testing

/// Requests that a kernel was told to let fail.
@Suite struct PlannedFailureTests {
  @Test func theNextRequestsFailAndThenNoMore() async throws {
    let world = try WorldClient(InMemoryKernel())
    world.kernel.fail(next: 2, with: .status(503))
    #expect(world.kernel.plannedFailureCount == 2)
    for _ in 0..<2 {
      let error = await #expect(throws: PlystraError.self) { try await world.check() }
      #expect(error?.status == 503 && error?.code == .notReady)
    }
    #expect(world.kernel.plannedFailureCount == 0)
    #expect(try await world.check().isAllowed)
    #expect(world.kernel.auditLog.count == 1)
  }

  @Test func aClientThatRetriesGetsThrough() async throws {
    let world = try WorldClient(InMemoryKernel(), retryPolicy: PlystraClient.RetryPolicy(maximumAttempts: 3))
    world.kernel.fail(next: 1, with: .status(503))
    world.kernel.fail(next: 1, with: .transportError(.reset))
    #expect(try await world.check().isAllowed)
    #expect(world.kernel.plannedFailureCount == 0)
  }

  @Test func onlyTheOperationNamedFails() async throws {
    let world = try WorldClient(InMemoryKernel())
    world.kernel.fail(next: .authzCheck, with: .status(500))
    #expect(try await world.plystra.system.health().status == "ok")
    #expect(try await world.plystra.authz.explain(WorldClient.approval()).isAllowed)
    let error = await #expect(throws: PlystraError.self) { try await world.check() }
    #expect(error?.status == 500 && error?.code == .internalError)
    #expect(try await world.check().isAllowed)
  }

  @Test func plansAreMetInTheirOrder() async throws {
    let world = try WorldClient(InMemoryKernel())
    world.kernel.fail(next: 1, of: .systemHealth, with: .status(501))
    world.kernel.fail(next: 2, with: .status(502))
    world.kernel.fail(next: 1, of: .authzCheck, with: .status(504))
    var seen: [Int?] = []
    for _ in 0..<4 {
      do { _ = try await world.check() } catch let error as PlystraError { seen.append(error.status) }
    }
    #expect(seen == [502, 502, 504])
    #expect(world.kernel.plannedFailureCount == 1)
  }

  @Test(arguments: [
    ServiceOperation.systemHealth, .systemReady, .systemVersion, .systemCapabilities, .authLogin,
    .actorContext, .resourceTypesList, .authzCheck,
    .authzExplain, .auditList, .auditGet,
  ])
  func everyOperationGoesByTheClientsName(operation: ServiceOperation) async throws {
    let world = try WorldClient(InMemoryKernel())
    world.kernel.fail(next: operation, with: .status(418))
    let calls: [ServiceOperation: () async throws -> Void] = [
      .systemHealth: { _ = try await world.plystra.system.health() },
      .systemReady: { _ = try await world.plystra.system.ready() },
      .systemVersion: { _ = try await world.plystra.system.version() },
      .systemCapabilities: { _ = try await world.plystra.system.capabilities() },
      .authLogin: { _ = try await world.plystra.auth.login(email: "a@b", password: "c") },
      .actorContext: { _ = try await world.plystra.actor.context() },
      .resourceTypesList: { _ = try await world.plystra.resourceTypes.list() },
      .authzCheck: { _ = try await world.check() },
      .authzExplain: { _ = try await world.plystra.authz.explain(WorldClient.approval()) },
      .auditList: { _ = try await world.plystra.audit.list(AuditQuery()) },
      .auditGet: { _ = try await world.plystra.audit.get("audit_1") },
    ]
    let call = try #require(calls[operation])
    let error = await #expect(throws: PlystraError.self) { try await call() }
    #expect(error?.status == 418 && error?.operation == operation.rawValue)
  }

  @Test func anAnswerCanBeLostAfterTheFact() async throws {
    let world = try WorldClient(InMemoryKernel())
    world.kernel.fail(next: 1, with: .answerLost())
    let error = await #expect(throws: PlystraError.self) { try await world.check() }
    #expect(error?.kind == .transport)
    #expect(world.kernel.auditLog.count == 1)
  }

  @Test func aTransportErrorComesAsItWasPlanned() async throws {
    let kernel = InMemoryKernel()
    let request = TransportRequest(method: "GET", url: "http://localhost/api/v1/health")
    for (kind, mayHaveBeenSent) in [(TransportError.Kind.connect, false), (.timeout, true)] {
      kernel.fail(next: 1, with: .transportError(kind))
      let error = await #expect(throws: TransportError.self) { try await kernel.send(request) }
      #expect(error?.kind == kind && error?.mayHaveBeenSent == mayHaveBeenSent)
    }
    kernel.fail(
      next: 1, with: .transportError(TransportError(kind: .tls, message: "own", mayHaveBeenSent: true)))
    let error = await #expect(throws: TransportError.self) { try await kernel.send(request) }
    #expect(error?.message == "own")
  }

  @Test func anAnswerOfOnesOwnIsGivenAsItIs() async throws {
    let kernel = InMemoryKernel()
    kernel.fail(
      next: 1, with: .response(TransportResponse(status: 502, headers: ["X-A": "b"], body: [60, 62])))
    let answer = try await kernel.send(TransportRequest(method: "GET", url: "http://localhost/api/v1/health"))
    #expect(answer.status == 502 && answer.headers["X-A"] == "b" && answer.body == [60, 62])
  }

  @Test func anErrorCarriesTheRequestsOwnIDAndHeaders() async throws {
    let world = try WorldClient(InMemoryKernel())
    world.kernel.fail(next: 1, with: .status(429, headers: ["Retry-After": "7"]))
    let client = try world.plystra.withRequestID("req_mine")
    let error = await #expect(throws: PlystraError.self) { try await client.system.health() }
    #expect(error?.requestID == "req_mine" && error?.retryAfter == .seconds(7))
    #expect(error?.code == .authRateLimited)
  }

  @Test func aStatusOutOfRangeIsSaidSo() async throws {
    let world = try WorldClient(InMemoryKernel())
    world.kernel.fail(next: 1, with: .status(700))
    let error = await #expect(throws: PlystraError.self) { try await world.check() }
    #expect(error.map { "\($0)" }?.contains("KernelFault.status takes 200…599, not 700") == true)
  }

  @Test(arguments: [0, -1])
  func noFailureIsPlannedForNoRequest(count: Int) async throws {
    let world = try WorldClient(InMemoryKernel())
    world.kernel.fail(next: count, with: .status(500))
    #expect(try await world.check().isAllowed)
  }

  @Test func aServedKernelClosesTheConnection() async throws {
    let kernel = InMemoryKernel()
    let server = try KernelServer(kernel).start()
    kernel.fail(next: 1, with: .transportError(.reset))
    let bytes = try await RawClient.run(port: server.port) { connection in
      try connection.send("GET /api/v1/health HTTP/1.1\r\nHost: localhost\r\n\r\n")
      return try connection.readToEnd()
    }
    #expect(bytes.isEmpty)
    #expect(kernel.plannedFailureCount == 0)
    await server.stop()
  }
}
