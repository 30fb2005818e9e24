import TestSupport
import Testing

@testable import PlystraCore

@Suite("What an observer is told")
struct ClientObserverTests {
  /// Writes events down.
  private final class Journal: ClientObserver {
    private let log = Locked<[ClientEvent]>([])
    var events: [ClientEvent] { log.withLock { $0 } }
    func observe(_ event: ClientEvent) { log.withLock { $0.append(event) } }

    /// Kind, attempt and outcome of each event.
    var lines: [String] {
      events.map { "\($0.kind) \($0.attempt)" + ($0.outcome.map { " \($0)" } ?? "") }
    }
  }

  private func run(
    _ transport: ScriptedTransport, time: FakeTime = FakeTime(),
    _ call: @Sendable (PlystraClient) async throws -> any Sendable
  ) async throws -> Journal {
    let journal = Journal()
    let client = try Sample.client(
      transport, configuration: PlystraClient.Configuration(observer: journal), time: time)
    _ = try? await call(client)
    return journal
  }

  @Test("a call, its attempts, the waits between, and how it ended")
  func retries() async throws {
    let time = FakeTime()
    let transport = ScriptedTransport(
      .failure(.reset),
      .run { _ in
        time.advance(by: .seconds(1))
        return TransportResponse(status: 503)
      }, .fixture("authz-check.deny"))
    let journal = try await run(transport, time: time) { try await $0.authz.check(Sample.question) }
    #expect(
      journal.lines == [
        "callStarted 0", "attemptFinished 1 transport.reset", "retryScheduled 2",
        "attemptFinished 2 http.503",
        "retryScheduled 3", "attemptFinished 3 http.200", "callFinished 3 success",
      ])
    #expect(journal.events.allSatisfy { $0.operation == "authz.check" && $0.requestID == Sample.requestID })
    #expect(
      journal.events.map(\.delay) == [nil, nil, .milliseconds(100), nil, .milliseconds(200), nil, nil])
    #expect(
      journal.events.map(\.duration) == [nil, .zero, nil, .seconds(1), nil, .zero, .milliseconds(1_300)])
  }

  @Test(
    "how a call that fails ends",
    arguments: [
      (ScriptedTransport.Step.answer(404, "{}"), "api.404"), (.answer(200, "[]"), "decoding"),
      (.failure(.timeout), "timeout.timeout"), (.failure(.tls), "transport.tls"), (.answer(-1), "api"),
      (.answer(302), "api.302"), (.run { _ in throw CanaryTests.Unknown() }, "transport"),
    ])
  func failures(step: ScriptedTransport.Step, outcome: String) async throws {
    let journal = try await run(ScriptedTransport(thenAlways: step)) {
      try await $0.with(retryPolicy: .never).system.health()
    }
    #expect(journal.lines.last == "callFinished 1 \(outcome)")
    #expect(journal.lines.count == 3)
  }

  @Test("a cancelled call is told as such, whatever the transport made of it")
  func cancellation() async throws {
    let transport = ScriptedTransport(
      .run { _ in
        withUnsafeCurrentTask { $0?.cancel() }
        throw TransportError(kind: .reset, message: "reset", mayHaveBeenSent: true)
      })
    let journal = await Task { try await run(transport) { try await $0.system.health() } }.result
    #expect(
      try journal.get().lines == ["callStarted 0", "attemptFinished 1 cancelled", "callFinished 1 cancelled"])
  }

  @Test("a call that is refused before it begins is no call")
  func refused() async throws {
    let journal = try await run(ScriptedTransport()) { try await $0.audit.get("") }
    #expect(journal.lines.isEmpty)
    let late = try await run(ScriptedTransport()) { try await $0.with(deadline: .zero).system.health() }
    #expect(late.lines == ["callStarted 0", "callFinished 0 timeout"])
  }
}
