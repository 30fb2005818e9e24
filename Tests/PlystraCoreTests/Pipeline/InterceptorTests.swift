import TestSupport
import Testing

@testable import PlystraCore

/// An interceptor that does what a closure says.
struct Hook: Interceptor {
  let body: @Sendable (TransportRequest, AttemptContext, Next) async throws -> TransportResponse

  init(_ body: @escaping @Sendable (TransportRequest, AttemptContext, Next) async throws -> TransportResponse)
  {
    self.body = body
  }

  func intercept(
    _ request: TransportRequest, context: AttemptContext, next: Next
  ) async throws -> TransportResponse { try await body(request, context, next) }
}

@Suite("Interceptors")
struct InterceptorTests {
  private func client(
    _ transport: ScriptedTransport, time: FakeTime = FakeTime(), _ hooks: Hook...
  ) throws -> PlystraClient {
    try Sample.client(
      transport, accessToken: Sample.accessToken,
      configuration: PlystraClient.Configuration(interceptors: hooks),
      time: time)
  }

  @Test("wrap every attempt in order, the first outermost, and see how it ends")
  func order() async throws {
    let journal = Locked<[String]>([])
    func hook(_ name: String) -> Hook {
      Hook { request, context, next in
        journal.withLock { $0.append("\(name)>\(context.attempt)") }
        do {
          let response = try await next(request)
          journal.withLock { $0.append("\(name)<\(response.status)") }
          return response
        } catch let error as TransportError {
          journal.withLock { $0.append("\(name)!\(error.kind)") }
          throw error
        }
      }
    }
    let transport = ScriptedTransport(
      .failure(.connect, sent: false), .answer(503, "{}"), .fixture("authz-check.allow"))
    _ = try await client(transport, hook("a"), hook("b")).authz.check(Sample.question)
    #expect(
      journal.withLock { $0 } == [
        "a>1", "b>1", "b!connect", "a!connect", "a>2", "b>2", "b<503", "a<503", "a>3", "b>3", "b<200",
        "a<200",
      ])
  }

  @Test("see the whole request but the credential, and the same id on every attempt", arguments: CallCase.all)
  func view(call: CallCase) async throws {
    let seen = Locked<[(TransportRequest, AttemptContext)]>([])
    let transport = ScriptedTransport(.failure(.resolve, sent: false), .fixture(call.fixture))
    let client = try client(
      transport,
      Hook { request, context, next in
        seen.withLock { $0.append((request, context)) }
        return try await next(request)
      })
    _ = try await call.run(client)
    let views = seen.withLock { $0 }
    #expect(views.count == 2)
    for (index, (request, context)) in views.enumerated() {
      #expect(request.method == call.method)
      #expect(request.url == Sample.baseURL + call.target)
      #expect(request.text == (call.isConfidential ? nil : call.body))
      #expect(request.headers["X-Request-ID"] == Sample.requestID)
      #expect(request.headers["Accept"] == "application/json")
      #expect(!request.headers.contains { TransportHeaders.isCredential($0.name) })
      #expect(
        context == AttemptContext(operation: call.operation, requestID: Sample.requestID, attempt: index + 1))
    }
    #expect(transport.requests.map(\.text) == [call.body, call.body])
  }

  @Test(
    "of calls with passwords or tokens see no body, either way; the call still does",
    arguments: CallCase.writes.filter(\.isConfidential))
  func withheldBodies(call: CallCase) async throws {
    let bodies = Locked<[[UInt8]?]>([])
    let transport = ScriptedTransport(.fixture(call.fixture))
    let hook = Hook { request, _, next in
      let response = try await next(request)
      bodies.withLock { $0 += [request.body, response.body] }
      return response
    }
    _ = try await call.run(client(transport, hook, hook))
    #expect(bodies.withLock { $0 } == [nil, [], nil, []])
    #expect(transport.requests.map(\.text) == [call.body])
  }

  @Test("of low-level requests to the routes of sessions see no body either")
  func withheldLowLevelBodies() async throws {
    let bodies = Locked<[[UInt8]?]>([])
    let transport = ScriptedTransport(.fixture("auth-login"))
    let client = try client(
      transport,
      Hook { request, _, next in
        let response = try await next(request)
        bodies.withLock { $0 += [request.body, response.body] }
        return response
      })
    let answer = try await client.request(
      APIRequest(
        method: "POST", path: "/api/v1/auth/login", body: ["email": "a", "password": "plystra-demo"],
        credential: .none))
    #expect(bodies.withLock { $0 } == [nil, []])
    #expect(transport.requests.map(\.text) == [#"{"email":"a","password":"plystra-demo"}"#])
    #expect(answer.data["user"]?["id"] == "user_alice")
  }

  @Test("may add header fields, shorten the timeout, forbid resending and change a body")
  func changes() async throws {
    let transport = ScriptedTransport(.fixture("authz-check.allow"))
    let client = try client(
      transport,
      Hook { request, _, next in
        var request = request
        request.headers["traceparent"] = "00-1-2-01"
        request.headers["User-Agent"] = "own/1"
        request.timeout = .seconds(2)
        request.mayBeResent = false
        request.body = Array(#"{"action":"reject"}"#.utf8)
        request.url += "?dry=1"
        return try await next(request)
      })
    _ = try await client.authz.check(Sample.question)
    let request = try #require(transport.requests.first)
    #expect(request.headers["traceparent"] == "00-1-2-01")
    #expect(request.headers.values(of: "User-Agent") == ["own/1"])
    #expect(request.timeout == .seconds(2))
    #expect(!request.mayBeResent)
    #expect(request.text == #"{"action":"reject"}"#)
    #expect(request.url == "https://plystra.test/api/v1/authz/check?dry=1")
  }

  @Test("cannot lengthen the timeout, raise the limit for answers, or allow resending")
  func limits() async throws {
    let transport = ScriptedTransport(.fixture("auth-login"))
    let client = try client(
      transport,
      Hook { request, _, next in
        var request = request
        request.timeout = .seconds(3_600)
        request.maximumResponseBytes = .max
        request.mayBeResent = true
        request.body = Array("{}".utf8)
        return try await next(request)
      })
    _ = try await client.auth.login(email: "a", password: "plystra-demo")
    let request = try #require(transport.requests.first)
    #expect(request.timeout == .seconds(5))
    #expect(request.maximumResponseBytes == 4 << 20)
    #expect(!request.mayBeResent)
    #expect(request.text == #"{"email":"a","password":"plystra-demo"}"#)
  }

  @Test("may answer themselves")
  func shortCircuit() async throws {
    let transport = ScriptedTransport()
    let body = try Fixtures.body("authz-check.deny")
    let client = try client(transport, Hook { _, _, _ in TransportResponse(status: 200, body: body) })
    #expect(try await client.authz.check(Sample.question).denyCode == .scopeOutOfBounds)
    #expect(transport.requests.isEmpty)
  }

  @Test(
    "may answer a call whose bodies they do not see, with or without asking the service first",
    arguments: [true, false])
  func ownAnswer(asksFirst: Bool) async throws {
    let transport = ScriptedTransport(.answer(500, #"{"error":{}}"#))
    let body = try Fixtures.body("auth-login")
    let client = try client(
      transport,
      Hook { request, _, next in
        if asksFirst { _ = try await next(request) }
        return TransportResponse(status: 200, body: body)
      })
    #expect(try await client.auth.login(email: "a", password: "plystra-demo").user.id == "user_alice")
    #expect(transport.requests.count == (asksFirst ? 1 : 0))
  }

  @Test("an answer of theirs that fails is tried again like any other")
  func ownFailure() async throws {
    let transport = ScriptedTransport(.fixture("health"))
    let client = try client(
      transport,
      Hook { request, context, next in
        context.attempt == 1 ? TransportResponse(status: 503) : try await next(request)
      })
    #expect(try await client.system.health().status == "ok")
  }

  @Test("that call next twice send twice, within the attempt's time")
  func twice() async throws {
    let time = FakeTime()
    let transport = ScriptedTransport(
      thenAlways: .run { request in
        time.advance(by: .seconds(2))
        return TransportResponse(status: 200, body: try Fixtures.body("auth-login"))
      })
    let client = try client(
      transport, time: time,
      Hook { request, _, next in
        _ = try await next(request)
        return try await next(request)
      })
    let session = try await client.auth.login(email: "a", password: "plystra-demo")
    #expect(session.user.id == "user_alice")
    #expect(transport.requests.map(\.timeout) == [.seconds(5), .seconds(3)])
    #expect(transport.requests.map(\.text).allSatisfy { $0?.contains("plystra-demo") == true })
  }
}
