import PlystraCore
import TestSupport
import Testing

/// A whole client against a server whose connections are out of step. It denies every question, so that every allow is a
/// response that the client took for another.
@Suite("A stale response is never believed", .timeLimit(.minutes(minutesOfAHang)))
struct StaleDecisionTests {
  private static let shapes = StaleShape.allCases.filter { $0.method == "POST" }
  /// 10,000 checks with each transport, and as many where all have one request id.
  private static let checksOfShape = rounds(10_000) / shapes.count + 1
  private static let tasks = 8

  fileprivate struct Outcome: Sendable {
    var denied = 0
    var refused = 0
    var wrong: [String] = []
  }

  /// Makes checks in several tasks, each with a question of its own.
  private func check(
    _ transport: TransportUnderTest, _ server: StaleServer, sharedID: String?,
    configuration: PlystraClient.Configuration = .patient
  ) async throws -> Outcome {
    let outcome = Locked(Outcome())
    try await transport.run(TransportConfiguration(connectionsPerHost: 4)) { transport in
      let client = try MatrixClient(
        url: server.url, transport: transport, configuration: configuration, time: SkippedTime())
      await withTaskGroup { group in
        for task in 0..<Self.tasks {
          group.addTask {
            for number in 0..<(Self.checksOfShape / Self.tasks + 1) {
              let name = "\(task)_\(number)"
              let result = await Self.ask(client.plystra, name, id: sharedID ?? "req_\(name)")
              outcome.withLock { $0.add(result, name) }
            }
          }
        }
      }
    }
    return outcome.withLock { $0 }
  }

  private static func ask(
    _ plystra: PlystraClient, _ name: String, id: String
  ) async -> Result<Decision, any Error> {
    let question = AuthorizationRequest(
      actor: FaultCall.question.actor, resourceType: "invoice", resourceID: "invoice_\(name)",
      action: "approve")
    do {
      return .success(try await plystra.withRequestID(id).authz.check(question))
    } catch {
      return .failure(error)
    }
  }

  @Test("of 10,000 checks no decision is wrong", arguments: TransportUnderTest.allCases, shapes)
  func ownIDs(_ transport: TransportUnderTest, _ shape: StaleShape) async throws {
    let server = try StaleServer(shape: shape, every: 2)
    defer { server.stop() }
    let outcome = try await check(transport, server, sharedID: nil)
    #expect(outcome.wrong == [])
    // A server that talks before it is asked on every connection gives no right response at all.
    #expect(outcome.denied > 0 || shape == .beforeFirstRequest)
  }

  @Test(
    "where all calls have one request id, the audit record alone keeps every decision right",
    arguments: TransportUnderTest.allCases, shapes)
  func sharedID(_ transport: TransportUnderTest, _ shape: StaleShape) async throws {
    let server = try StaleServer(shape: shape, every: 2, unknownID: "req_shared")
    defer { server.stop() }
    let outcome = try await check(transport, server, sharedID: "req_shared")
    #expect(outcome.wrong == [])
    // A server that talks before it is asked on every connection gives no right response at all.
    #expect(outcome.denied > 0 || shape == .beforeFirstRequest)
  }
}

extension StaleDecisionTests.Outcome {
  fileprivate mutating func add(_ result: Result<Decision, any Error>, _ name: String) {
    switch result {
    case .success(let decision) where decision.isAllowed || decision.audit?.resourceID != "invoice_\(name)":
      wrong.append(name)
    case .success: denied += 1
    case .failure: refused += 1
    }
  }
}
