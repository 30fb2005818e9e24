import PlystraCore
import PlystraTesting
import TestSupport
import Testing

@Suite struct FixtureTransportTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func request(_ method: String, _ target: String, _ body: String? = nil) -> TransportRequest {
    TransportRequest(
      method: method, url: "https://h/base/api/v1/\(target)", body: body.map { Array($0.utf8) })
  }

  /// A fixture of requests, each answered by its own number.
  private func fixture(
    _ requests: [TransportRequest], _ matching: ReplayMatching = .strict
  ) async throws -> FixtureTransport {
    let mock = MockTransport()
    let recording = try RecordingTransport(upstream: mock, to: folder.file("a.har"))
    for (index, request) in requests.enumerated() {
      mock.script(.status(200 + index))
      _ = try await recording.send(request)
    }
    try await recording.finish()
    return try FixtureTransport(contentsOf: folder.file("a.har"), matching: matching)
  }

  private func miss(_ fixture: FixtureTransport, _ request: TransportRequest) async throws -> String {
    let error = try await #require(throws: TransportError.self) { try await fixture.send(request) }
    #expect(error.kind == .other && !error.mayHaveBeenSent)
    return error.message
  }

  // MARK: Matching

  @Test func comparesByMeaning() async throws {
    let fixture = try await fixture([
      request("POST", "x?b=2&a=1&a=0", #"{"n":1,"big":9007199254740993,"o":{"x":[1.50,null],"y":"é"}}"#)
    ])
    var live = request(
      "POST", "x?a=1&b=%32&a=0", #" {"o":{"y":"\u00e9","x":[15e-1,null]},"big":9007199254740993,"n":1.0} "#)
    live.url = live.url.replacing("https://h/base", with: "http://localhost:8080")
    #expect(try await fixture.send(live).status == 200)
    try fixture.verify()
  }

  @Test(arguments: [
    ("GET", "x?a=1", #"{"n":1}"#, #"method: recorded POST, asked GET"#),
    ("POST", "y/x?a=1", #"{"n":1}"#, "path: recorded /api/v1/x, asked /api/v1/y/x"),
    ("POST", "x?a=2", #"{"n":1}"#, #"query item a: recorded "1", asked "2""#),
    ("POST", "x", #"{"n":1}"#, #"query item a: recorded "1", asked nothing"#),
    ("POST", "x?a=1&a=1", #"{"n":1}"#, #"query item a: recorded nothing, asked "1""#),
    ("POST", "x?a=1", #"{"n":2}"#, "body.n: recorded 1, asked 2"),
    ("POST", "x?a=1", #"{"n":"1"}"#, #"body.n: recorded 1, asked "1""#),
    ("POST", "x?a=1", #"{"n":1,"m":[]}"#, "body.m: recorded nothing, asked []"),
    ("POST", "x?a=1", "{}", "body.n: recorded 1, asked nothing"),
    ("POST", "x?a=1", "[1]", #"body: recorded {"n":1}, asked [1]"#),
    ("POST", "x?a=1", "n=1", "body: recorded JSON, asked what is not JSON"),
    ("POST", "x?a=1", nil, "body: recorded JSON, asked nothing"),
  ])
  func namesTheFirstDifference(
    _ method: String, _ target: String, _ body: String?, _ difference: String
  ) async throws {
    let fixture = try await fixture([
      request("POST", "far/away", "[]"), request("POST", "x?a=1", #"{"n":1}"#), request("GET", "quite/far"),
    ])
    let message = try await miss(fixture, request(method, target, body))
    #expect(
      message.hasPrefix("the recording \(folder.file("a.har")) has no exchange for \(method) /base/api/v1/"))
    #expect(message.hasSuffix("; the closest, entry 2, POST /base/api/v1/x?a=1, differs at \(difference)"))
    let failure = try #require(throws: ReplayFailure.self) { try fixture.verify() }
    #expect(failure.problems.map(\.kind) == [.notRecorded, .neverReplayed, .neverReplayed, .neverReplayed])
    #expect(failure.description.contains("entry 3, GET /base/api/v1/quite/far, was never asked for"))
  }

  @Test func namesThePathOfADifferenceAndTheClosestExchange() async throws {
    let fixture = try await fixture([
      request("POST", "authz/check", #"{"a":{"b":[1,{"c":"x"}]},"d":1}"#),
      request("POST", "authz/check", #"{"a":{"b":[1,{"c":"y"}]},"d":2}"#),
    ])
    let message = try await miss(
      fixture, request("POST", "authz/check", #"{"a":{"b":[1,{"c":"z"}]},"d":2}"#))
    #expect(
      message.hasSuffix(
        #"entry 2, POST /base/api/v1/authz/check (authz.check), differs at body.a.b[1].c: recorded "y", asked "z""#
      ))
    #expect(fixture.misses.count == 1 && fixture.unreplayed.count == 2)
  }

  @Test func repeatedRequestsAreAnsweredInTheirOrder() async throws {
    let same = request("GET", "x")
    let strict = try await fixture([same, request("GET", "y"), same])
    #expect(try await strict.send(same).status == 200)
    #expect(try await strict.send(same).status == 202)
    let message = try await miss(strict, same)
    #expect(message.contains("entry 1, GET /base/api/v1/x, is the same and was replayed already"))
    #expect(strict.unreplayed.map(\.description).joined().hasPrefix("entry 2, GET /base/api/v1/y, was never"))
    #expect("\(strict)".hasSuffix("2 of 3 exchanges replayed)"))

    let relaxed = try FixtureTransport(
      contentsOf: folder.file("a.har"), matching: .strict.allowingRepeats())
    let statuses = [200, 202, 202, 202]
    for status in statuses { #expect(try await relaxed.send(same).status == status) }
  }

  @Test func canBeRelaxed() async throws {
    let recorded = request("POST", "x?at=1&b=2", #"{"id":"1","list":[{"at":1,"n":1},{"at":2,"n":2}]}"#)
    let live = request("POST", "x?at=9&b=2", #"{"id":"2","list":[{"at":8,"n":1},{"at":9,"n":2}]}"#)
    let relaxed = ReplayMatching.strict.ignoringBody(at: "id", "list[*].at").ignoringQuery("at")
    #expect(try await fixture([recorded], relaxed).send(live).status == 200)
    let path = folder.file("a.har")
    for (matching, place) in [
      (ReplayMatching.strict.ignoringBody(), "query item at"), (.strict.ignoringQuery(), "body.id"),
      (.strict.ignoringQuery().ignoringBody(at: "id", "list[1].at"), "body.list[0].at"),
    ] {
      let fixture = try FixtureTransport(contentsOf: path, matching: matching)
      #expect(try await miss(fixture, live).contains("differs at \(place)"))
    }
    let loose = try FixtureTransport(contentsOf: path, matching: .strict.ignoringQuery().ignoringBody())
    #expect(try await loose.send(request("POST", "x", "not JSON")).status == 200)
  }

  // MARK: Secrets

  private func login(_ email: String, _ password: String) -> TransportRequest {
    request("POST", "auth/login", #"{"email":"\#(email)","password":"\#(password)"}"#)
  }

  @Test func secretsCompareByTheirPlaces() async throws {
    let fixture = try await fixture([
      login("a@mail.example", "secret-one"), login("b@mail.example", "secret-two"),
      login("a@mail.example", "secret-one"),
    ])
    // Others, in another order: whoever comes first takes the first place.
    #expect(try await fixture.send(login("y@mail.example", "other-two")).status == 200)
    #expect(try await fixture.send(login("y@mail.example", "other-two")).status == 202)
    // Not the second place: its address and password are those of nobody who was there before.
    let message = try await miss(fixture, login("z@mail.example", "other-two"))
    #expect(message.contains("entry 2") && message.contains("body.password: recorded"))
    #expect(!message.contains("other-two") && !message.contains("z@mail"))
    #expect(try await fixture.send(login("z@mail.example", "other-three")).status == 201)
    #expect(fixture.unreplayed.isEmpty && fixture.misses.count == 1)
  }

  @Test func aPlaceholderStandsForItself() async throws {
    let fixture = try await fixture([login("a@mail.example", "secret-one")])
    #expect(
      try await fixture.send(login("<redacted:email:1>", "<redacted:password:1>")).status == 200)
  }

  @Test func filesOfOtherToolsCanBeReplayed() async throws {
    let path = try folder.write(
      #"""
      {"log":{"entries":[{"request":{"method":"POST","url":"https://h/api/v1/auth/login",
      "postData":{"text":"{\"email\":\"a@mail.example\",\"password\":\"canary-raw\"}"}},
      "response":{"status":200,"headers":[{"name":"X-A","value":"1"}],"content":{"text":"aGk=","encoding":"base64"}}},
      {"request":{"method":"GET","url":"https://h/x","headers":[]},"response":{"status":0,"content":{}}},
      {"request":{"method":"GET","url":"https://h/x"},"response":{"status":204,"content":{}}}]}}
      """#, to: "other.har")
    let fixture = try FixtureTransport(contentsOf: path)
    #expect(
      "\(fixture.recordedRequests) \(fixture.recordedRequests[0].body ?? nil)".contains("canary") == false)
    let answer = try await fixture.send(login("b@mail.example", "another"))
    #expect(answer.body == Array("hi".utf8) && answer.headers["x-a"] == "1")
    let get = TransportRequest(method: "GET", url: "http://other/x")
    let error = try await #require(throws: TransportError.self) { try await fixture.send(get) }
    #expect(error.mayHaveBeenSent && error.message.contains("recorded without an answer"))
    #expect(try await fixture.send(get).status == 204)
    try fixture.verify()
  }

  // MARK: Files that are wrong

  @Test(arguments: [
    ("", "it is not JSON: "), ("[]", "expected an object, found an array"), ("{}", "log: it is missing"),
    (#"{"log":{}}"#, "log.entries: it is missing"),
    (#"{"log":{"entries":{}}}"#, "log.entries: expected an array, found an object"),
    (#"{"log":{"entries":[1]}}"#, "entry 1: expected an object, found a number"),
    (#"{"log":{"entries":[{"response":{}}]}}"#, "entry 1: request: it is missing"),
    (#"{"log":{"entries":[{"request":{}}]}}"#, "entry 1: response: it is missing"),
    (
      #"{"log":{"entries":[{"request":{"method":1},"response":{}}]}}"#,
      "entry 1: request.method: expected a string, found a number"
    ),
    (
      #"{"log":{"entries":[{"request":{"method":"GET","url":"u","headers":[{"name":"a"}]},"response":{}}]}}"#,
      "entry 1: request.headers[0].value: it is missing"
    ),
    (
      #"{"log":{"entries":[{"request":{"method":"GET","url":"u"},"response":{"status":"200"}}]}}"#,
      "entry 1: response.status: expected a number, found a string"
    ),
    (
      #"{"log":{"entries":[{"request":{"method":"GET","url":"u"},"response":{"status":99}}]}}"#,
      "entry 1: response.status: expected a status from 200 to 599, or 0, found 99.0"
    ),
    (
      #"{"log":{"entries":[{"request":{"method":"GET","url":"u"},"response":{"status":200,"content":{"text":"?","encoding":"base64"}}}]}}"#,
      "entry 1: response.content.text: it is not base64"
    ),
    (
      #"{"log":{"entries":[{"request":{"method":"GET","url":"u"},"response":{"status":200,"content":{"text":"","encoding":"gzip"}}}]}}"#,
      "entry 1: response.content.encoding: base64 is the only encoding known"
    ),
  ])
  func namesFileEntryAndField(_ text: String, _ problem: String) throws {
    let path = try folder.write(text, to: "wrong.har")
    let error = try #require(throws: FixtureError.self) { try FixtureTransport(contentsOf: path) }
    #expect(error.description.hasPrefix("\(path): \(problem)"))
  }

  @Test func saysThatAFileIsMissing() throws {
    let missing = #expect(throws: FixtureError.self) {
      try FixtureTransport(contentsOf: folder.file("none.har"))
    }
    #expect(missing?.reason.hasPrefix("there is no such file: record it with RecordingTransport") == true)
    let isFolder = #expect(throws: FixtureError.self) { try FixtureTransport(contentsOf: folder.path) }
    #expect(isFolder?.reason.contains("must be a file, not a folder") == true)
    #expect(throws: FixtureError.self) { try FixtureTransport(contentsOf: "") }
  }

  // MARK: Transport

  @Test func behavesAsATransport() async throws {
    let fixture = try await fixture([request("GET", "x"), request("GET", "x")])
    let task = Task { [request = request("GET", "x")] in
      withUnsafeCurrentTask { $0?.cancel() }
      return try await fixture.send(request)
    }
    await #expect(throws: CancellationError.self) { try await task.value }
    var hurried = request("GET", "x")
    hurried.timeout = .zero
    let timeout = try await #require(throws: TransportError.self) { try await fixture.send(hurried) }
    #expect(timeout.kind == .timeout && !timeout.mayHaveBeenSent)
    #expect(fixture.unreplayed.count == 2)
    let empty = try FixtureTransport(contentsOf: folder.write(#"{"log":{"entries":[]}}"#, to: "empty.har"))
    #expect(try await miss(empty, request("GET", "x")).hasSuffix("GET /base/api/v1/x: it is empty"))
  }
}
