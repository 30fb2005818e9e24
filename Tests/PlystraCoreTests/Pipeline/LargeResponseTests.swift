import TestSupport
import Testing

@testable import PlystraCore

@Suite("Responses too large to be read on the caller's actor")
struct LargeResponseTests {
  private static let reason = String(repeating: "because ", count: 10_000)
  private static let allowed =
    #"{"data":{"allow":true,"decision":"allow","reason":"\#(reason)"},"request_id":"\#(Sample.requestID)"}"#

  @Test("are read like any other, with what is next to their data")
  func read() async throws {
    let transport = ScriptedTransport(
      .answer(200, Self.allowed), .answer(200, Self.allowed, headers: ["A": "b"]))
    let client = try Sample.client(transport)
    let decision = try await client.authz.check(Sample.question)
    #expect(decision.isAllowed && decision.reason == Self.reason && decision.requestID == Sample.requestID)
    let answer = try await client.request(APIRequest(method: "GET", path: "/api/v1/x"))
    #expect(answer.data["reason"] == .string(Self.reason))
    #expect(answer.status == 200 && answer.headers["A"] == "b" && answer.requestID == Sample.requestID)
  }

  @Test("are asked for once more when they were cut off, and no more often")
  func cutOff() async throws {
    let part = String(Self.allowed.prefix(70_000))
    let transport = ScriptedTransport(.answer(200, part), .answer(200, Self.allowed))
    #expect(try await Sample.client(transport).authz.check(Sample.question).isAllowed)
    #expect(transport.requests.count == 2)

    let hopeless = ScriptedTransport(thenAlways: .answer(200, part))
    let error = try await plystraError {
      try await Sample.client(hopeless).authz.check(Sample.question)
    }
    #expect(error.kind == .decoding && error.attempts == 2)
    #expect(hopeless.requests.count == 2)
  }

  @Test("that are errors are thrown as such")
  func error() async throws {
    let body = #"{"error":{"code":"FORBIDDEN","message":"no","details":"\#(Self.reason)"}}"#
    for status in [200, 403] {
      let transport = ScriptedTransport(.answer(status, body))
      let error = try await plystraError {
        try await Sample.client(transport).authz.check(Sample.question)
      }
      #expect(error.kind == .api && error.code == "FORBIDDEN" && error.status == status)
    }
  }
}
