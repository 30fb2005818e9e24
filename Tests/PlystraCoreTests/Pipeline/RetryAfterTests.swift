import Foundation
import TestSupport
import Testing

@testable import PlystraCore

@Suite("Retry-After (rows 17 to 19)")
struct RetryAfterTests {
  private func check(
    _ first: ScriptedTransport.Step
  ) async throws -> (time: FakeTime, result: Result<Decision, PlystraError>) {
    let time = FakeTime(jitter: [0.5])
    let client = try Sample.client(ScriptedTransport(first, .fixture("authz-check.allow")), time: time)
    do {
      return (time, .success(try await client.authz.check(Sample.question)))
    } catch let error as PlystraError {
      return (time, .failure(error))
    }
  }

  @Test(
    "a wait that fits into the deadline is kept, and 0 or less means 100 ms",
    arguments: [
      ("1", 1_000), ("9", 9_000), ("0", 100), ("00", 100), ("001", 1_000),
      ("Wed, 06 May 2026 00:00:03 GMT", 3_000), ("Wed, 06 May 2026 00:00:00 GMT", 100),
      ("Tue, 05 May 2026 23:59:59 GMT", 100), ("Sun, 06 Nov 1994 08:49:37 GMT", 100),
      ("Wednesday, 06-May-26 00:00:03 GMT", 3_000), ("Sunday, 06-Nov-94 08:49:37 GMT", 100),
      ("Wed May  6 00:00:03 2026", 3_000), ("Sun Nov  6 08:49:37 1994", 100),
    ])
  func honoured(text: String, milliseconds: Int) async throws {
    for status in [429, 503] {
      let (time, result) = try await check(.answer(status, "{}", headers: ["retry-after": text]))
      #expect(time.sleeps == [.milliseconds(milliseconds)])
      #expect(throws: Never.self) { try result.get() }
    }
  }

  @Test(
    "a wait longer than the time left fails now, with the wait",
    arguments: [
      ("10", 10), ("900", 900), ("1000000000", 1_000_000_000), ("2147483648", 2_147_483_647),
      ("99999999999999999999999", 2_147_483_647), ("Wed, 06 May 2026 01:00:00 GMT", 3_600),
      ("Fri, 31 Dec 9999 23:59:59 GMT", 2_147_483_647),
    ])
  func tooLong(text: String, seconds: Int64) async throws {
    let (time, result) = try await check(.answer(429, "{}", headers: ["Retry-After": text]))
    #expect(time.sleeps.isEmpty)
    guard case .failure(let error) = result else {
      Issue.record("the call must fail")
      return
    }
    #expect(error.retryAfter == .seconds(seconds))
    #expect(error.attempts == 1)
    #expect(error.isRetryable)
    #expect(error.status == 429)
  }

  @Test(
    "anything else is as if absent",
    arguments: [
      "-1", "+1", "inf", "nan", "soon", "", " ", "1.5", "1e3", "0x10", "1, 2", "１", "-99999999999999999999",
      "Wed, 06 May 2026 00:00:03", "Wed, 06 May 2026 00:00:03 CET", "Wed, 06 Mai 2026 00:00:03 GMT",
      "Wed, 31 Feb 2026 00:00:03 GMT", "06 May 2026 00:00:03 GMT", "Wed, 06 May 2026 25:00:00 GMT",
      "2026-05-06T00:00:03Z",
    ])
  func ignored(text: String) async throws {
    let (time, result) = try await check(.answer(503, "{}", headers: ["Retry-After": text]))
    #expect(time.sleeps == [.milliseconds(50)])
    #expect(throws: Never.self) { try result.get() }
  }

  @Test("the body says it where the header does not")
  func fromDetails() async throws {
    func body(_ seconds: String) -> String { #"{"error":{"details":{"retry_after_seconds":\#(seconds)}}}"# }
    for (headers, seconds, expected) in [
      ([:], "2", 2_000), (["Retry-After": "soon"], "2", 2_000), (["Retry-After": "3"], "2", 3_000),
      ([:], "-2", 50), ([:], "\"2\"", 50), ([:], "null", 50), ([:], "0", 100), ([:], "2.0", 2_000),
    ] as [(TransportHeaders, String, Int)] {
      let (time, _) = try await check(.answer(429, body(seconds), headers: headers))
      #expect(time.sleeps == [.milliseconds(expected)], "\(headers) \(seconds)")
    }
  }

  @Test("a login that is limited fails at once, with the wait (row 18)", arguments: [true, false])
  func login(hasHeader: Bool) async throws {
    let transport = ScriptedTransport(
      .fixture("error.429", status: 429, headers: hasHeader ? ["Retry-After": "900"] : [:]))
    let time = FakeTime()
    let client = try Sample.client(transport, time: time)
    let error = try await plystraError { try await client.auth.login(email: "a", password: "b") }
    #expect(error.code == .authRateLimited)
    #expect(error.retryAfter == .seconds(900))
    #expect(error.attempts == 1)
    #expect(!error.outcomeUnknown)
    #expect(time.sleeps.isEmpty)
  }

  @Test("a policy of one attempt waits for nobody, and still says how long")
  func never() async throws {
    let client = try Sample.client(ScriptedTransport(.answer(503, "{}", headers: ["Retry-After": "1"])))
    let error = try await plystraError { try await client.with(retryPolicy: .never).system.health() }
    #expect(error.retryAfter == .seconds(1))
  }
}
