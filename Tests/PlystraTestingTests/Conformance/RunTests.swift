import PlystraCore
import PlystraTesting
import TestSupport
import Testing

/// What a run does apart from its cases: which are played, and what it says about a choice that makes no sense.
@Suite struct RunTests {
  private typealias Case = TransportConformance.Case

  @Test func onlyTheCasesGivenAreRun() async {
    let transport = SocketTransport([.dropsQuery, .joinsDuplicates])
    let violations = await TransportConformance.run(transport, cases: [.requestLineAsGiven])
    #expect(Set(violations.map(\.name)) == [.requestLineAsGiven])
  }

  @Test func whatIsExcludedIsNotRun() async {
    let transport = SocketTransport([.dropsQuery, .joinsDuplicates])
    let violations = await TransportConformance.run(
      transport, cases: [.requestLineAsGiven, .duplicateHeadersKept],
      excluding: [.duplicateHeadersKept: "The platform joins them."])
    #expect(Set(violations.map(\.name)) == [.requestLineAsGiven])
  }

  @Test(arguments: ["", "  \n"])
  func anExclusionNeedsAReason(reason: String) async {
    let violations = await TransportConformance.run(
      SocketTransport(), cases: [.requestLineAsGiven], excluding: [.requestLineAsGiven: reason])
    #expect(violations.map(\.name) == [.requestLineAsGiven])
    #expect(violations.first?.seen == "it is excluded without a reason")
  }

  @Test func aNameThatNoCaseHasIsSaidSo() async {
    let misspelt = Case(rawValue: "redirect-left-alone")
    for violations in [
      await TransportConformance.run(SocketTransport(), cases: [misspelt]),
      await TransportConformance.run(SocketTransport(), cases: [], excluding: [misspelt: "because"]),
      await TransportConformance.runOffline(cases: [misspelt]) { _ in InMemoryKernel() },
    ] {
      #expect(violations.map(\.name) == [misspelt])
      #expect(violations.first?.expected.contains("redirects-left-alone") == true)
    }
    #expect(misspelt.requirement.isEmpty)
  }

  @Test func everyCaseSaysWhatItWants() {
    for name in Case.network + Case.offline { #expect(!name.requirement.isEmpty, "\(name)") }
    #expect(Set(Case.network).count == Case.network.count)
  }

  @Test(arguments: [
    TransportConformance.Bounds(timeout: .zero), .init(tolerance: .zero), .init(patience: .seconds(-1)),
    .init(concurrency: 0),
  ])
  func boundsThatCannotBeKeptAreRefused(bounds: TransportConformance.Bounds) async {
    let violations = await TransportConformance.run(SocketTransport(), bounds: bounds)
    #expect(violations.map(\.name.rawValue) == ["bounds"])
  }

  @Test func aCancelledRunIsNoPass() async {
    let run = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return await TransportConformance.run(SocketTransport(), cases: [.requestLineAsGiven, .bodyLimitKept])
    }
    #expect(await run.value.map(\.name) == [.requestLineAsGiven, .bodyLimitKept])
  }

  @Test func aTransportThatHangsIsLeftBehind() async {
    struct Hanging: HTTPTransport {
      func send(_ request: TransportRequest) async throws -> TransportResponse {
        await withUnsafeContinuation { _ in }
      }
    }
    let violations = await TransportConformance.run(
      Hanging(), cases: [.statusesReturned, .timeoutWithoutAnswer, .cancelledBefore],
      bounds: .init(patience: .milliseconds(50)))
    #expect(violations.map(\.name) == [.statusesReturned, .timeoutWithoutAnswer, .cancelledBefore])
    #expect(violations.allSatisfy { $0.seen.contains("it did not return") })
  }
}
