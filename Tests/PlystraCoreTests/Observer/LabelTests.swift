import TestSupport
import Testing

@testable import PlystraCore

@Suite("Labels are few, whatever comes", .timeLimit(.minutes(minutesOfAHang)))
struct LabelTests {
  /// Fails like a transport or an interceptor whose authors did not think of labels.
  private struct Hostile: Interceptor {
    let failure: @Sendable () -> any Error

    func intercept(_ request: TransportRequest, context: AttemptContext, next: Next) async throws
      -> TransportResponse
    {
      throw failure()
    }
  }

  private let log = EventLog()

  private func outcomes(
    of transport: ScriptedTransport, interceptors: [any Interceptor] = []
  ) async throws -> Set<String> {
    let client = try Sample.client(
      transport,
      configuration: PlystraClient.Configuration(
        retryPolicy: .never, interceptors: interceptors, observer: log))
    _ = try? await client.system.health()
    return Set(log.events.compactMap(\.outcome))
  }

  @Test(
    "statuses that no service has",
    arguments: [Int.min, -1, 0, 1, 99, 600, 601, 999, 1_000, 123_456_789, Int.max])
  func statuses(status: Int) async throws {
    #expect(try await outcomes(of: ScriptedTransport(.answer(status, "{}"))) == ["http.other", "api"])
  }

  @Test("statuses that services have", arguments: [300, 404, 418, 599])
  func knownStatuses(status: Int) async throws {
    #expect(
      try await outcomes(of: ScriptedTransport(.answer(status, "{}"))) == ["http.\(status)", "api.\(status)"])
  }

  @Test("codes of the service's own")
  func codes() async throws {
    let body =
      #"{"error":{"code":"CODE_4711","message":"m-4711","deny_code":"DENY_4711"},"request_id":"r-4711"}"#
    let outcomes = try await outcomes(of: ScriptedTransport(.answer(409, body)))
    #expect(outcomes == ["http.409", "api.409"])
    #expect(!log.events.contains { leaks($0, "4711") })
  }

  @Test("kinds of a transport's own, and those it has from us")
  func transportKinds() async throws {
    let kinds: [(TransportError.Kind, String)] = [
      (.init(rawValue: "host 10.1.2.3"), "other"), (.init(rawValue: ""), "other"), (.reset, "reset"),
      (.tls, "tls"), (.shutDown, "shutDown"), (.responseTooLarge, "responseTooLarge"),
    ]
    for (kind, name) in kinds {
      let label = OutcomeLabel(
        PlystraError(
          kind: .transport, message: "",
          underlyingError: TransportError(kind: kind, message: "", mayHaveBeenSent: true)))
      #expect(label.text == "transport.\(name)")
    }
    #expect(
      try await outcomes(of: ScriptedTransport(.failure(.init(rawValue: "host 10.1.2.3")))) == [
        "transport.other"
      ])
  }

  @Test("errors of an interceptor's own")
  func interceptors() async throws {
    struct Foreign: Error {}
    let errors: [@Sendable () -> any Error] = [
      { PlystraError(kind: .init(rawValue: "kind-4711"), message: "") },
      { PlystraError(kind: .api, message: "", status: 4_711) }, { PlystraError(kind: .api, message: "") },
      { TransportError(kind: .init(rawValue: "kind-4711"), message: "", mayHaveBeenSent: false) },
      { Foreign() }, { CancellationError() },
      { PlystraError(kind: .credentials, message: "", code: ErrorCode(rawValue: "CODE-4711")) },
    ]
    for error in errors {
      _ = try await outcomes(of: ScriptedTransport(), interceptors: [Hostile(failure: error)])
    }
    let outcomes = Set(log.events.compactMap(\.outcome))
    #expect(outcomes == ["other", "api", "transport.other", "transport", "cancelled", "credentials"])
  }

  @Test("operations are the SDK's own names, also where the path is the application's")
  func operations() async throws {
    let transport = ScriptedTransport(thenAlways: .answer(404, "{}"))
    let client = try Sample.client(transport, configuration: PlystraClient.Configuration(observer: log))
    for call in CallCase.all { _ = try? await call.run(client) }
    for number in 0..<100 { _ = try? await client.request(APIRequest(path: "/api/v1/things/\(number)")) }
    for number in 0..<100 { _ = try? await client.audit.get("audit-\(number)") }
    #expect(Set(log.events.map(\.operation)) == Set(CallCase.all.map(\.operation)))
  }

  @Test("all the labels there can be are fewer than a thousand and a few")
  func count() {
    var labels: Set<OutcomeLabel> = [.success, .cancelled]
    let causes =
      ["resolve", "connect", "tls", "timeout", "reset", "truncated", "protocolViolation", "responseTooLarge"]
      + ["shutDown", "other"] + (0..<100).map { "own-\($0)" }
    let kinds =
      ["transport", "timeout", "api", "decoding", "invalidRequest", "credentials", "configuration"]
      + (0..<100).map { "own-\($0)" }
    for status in -10_000..<10_000 { labels.insert(OutcomeLabel(status: status)) }
    for kind in kinds {
      for status in stride(from: -1_000, to: 2_000, by: 1) {
        labels.insert(
          OutcomeLabel(PlystraError(kind: .init(rawValue: kind), message: "", status: status)))
      }
      for cause in causes {
        labels.insert(
          OutcomeLabel(
            PlystraError(
              kind: .init(rawValue: kind), message: "",
              underlyingError: TransportError(
                kind: .init(rawValue: cause), message: "", mayHaveBeenSent: false))))
      }
      for code in [ErrorCode.sessionExpired, .sessionUncertain, .init(rawValue: "own")] {
        labels.insert(OutcomeLabel(PlystraError(kind: .init(rawValue: kind), message: "", code: code)))
      }
    }
    #expect(labels.count < 1_050)
    for label in labels {
      #expect(label.text.utf8.count <= 40)
      #expect(label.text.utf8.allSatisfy { $0 == UInt8(ascii: ".") || (0x30...0x7A).contains($0) })
    }
  }
}
