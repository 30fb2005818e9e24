import Foundation
import PlystraCore
import PlystraTesting
import TestSupport
import Testing

@Suite struct RecordingTransportTests {
  private let request = TransportRequest(
    method: "POST", url: "https://h/api/v1/things?limit=1&token=canary-query",
    headers: ["Content-Type": "application/json", "X-Plystra-API-Key": "canary-key"],
    body: Array(#"{"password":"canary-password"}"#.utf8))

  private func recorded(
    _ answers: MockAnswer..., redaction: Redaction = Redaction(), in folder: TemporaryFolder
  ) async throws -> JSONValue {
    let mock = MockTransport()
    for answer in answers { mock.script(answer) }
    let recording = try RecordingTransport(
      upstream: mock, to: folder.file("a.har"), redaction: redaction,
      now: { Date(timeIntervalSince1970: 1_777_777_777.25) })
    for _ in answers { _ = try? await recording.send(request) }
    try await recording.finish()
    let text = try folder.contents(of: "a.har")
    #expect(!text.contains("canary"))
    #expect(try HARCheck.problems(in: text) == [])
    return try JSONValue(parsing: text.utf8)
  }

  @Test func writesWhatWasSentAndAnswered() async throws {
    let folder = try TemporaryFolder()
    let archive = try await recorded(
      .json(["a": [1, 2.5]], status: 201).with(headers: ["Location": "/x", "Content-Length": "99"]),
      in: folder)
    let log = try #require(archive["log"])
    #expect(log["creator"]?["version"]?.stringValue == PlystraClient.version)
    let entry = try #require(log["entries"]?[0])
    #expect(entry["startedDateTime"] == "2026-05-03T03:09:37.250000Z")
    let sent = try #require(entry["request"])
    #expect(sent["method"] == "POST" && sent["bodySize"] == 36)
    #expect(sent["url"] == "https://h/api/v1/things?limit=1&token=%3Credacted%3Atoken%3A1%3E")
    #expect(
      sent["queryString"] == [
        ["name": "limit", "value": "1"], ["name": "token", "value": "<redacted:token:1>"],
      ])
    #expect(sent["headers"]?[1] == ["name": "X-Plystra-API-Key", "value": "<redacted:api_key:1>"])
    #expect(
      sent["postData"] == [
        "mimeType": "application/json", "text": #"{"password":"<redacted:password:1>"}"#,
      ])
    let answer = try #require(entry["response"])
    #expect(answer["status"] == 201 && answer["statusText"] == "Created" && answer["redirectURL"] == "/x")
    #expect(
      answer["content"] == ["size": 13, "mimeType": "application/json", "text": #"{"a":[1,2.5]}"#])
    #expect(
      answer["headers"]?.arrayValue?.contains(["name": "Content-Length", "value": "13"]) == true)
  }

  @Test func whatBecomesKnownLaterIsTakenOutOfWhatCameBefore() async throws {
    let folder = try TemporaryFolder()
    let mock = MockTransport { $0.on(.any).answer(.status(200, text: "<p>canary-late &amp; more</p>")) }
    let recording = try RecordingTransport(upstream: mock, to: folder.file("a.har"))
    for body in [#"{"note":"is canary-late"}"#, #"{"password":"canary-late"}"#, #"{"cut":"canary-la"#] {
      _ = try await recording.send(
        TransportRequest(
          method: "POST", url: "https://h/canary-late", headers: ["X-Note": "canary-late"],
          body: Array(body.utf8)))
    }
    try await recording.finish()
    #expect(try !folder.contents(of: "a.har").contains("canary"))
  }

  @Test func recordsFailuresAndBodiesOfAnyBytes() async throws {
    let folder = try TemporaryFolder()
    let bytes: [UInt8] = [0xFF, 0x00, 0x80, 0x41]
    let error = TransportError(
      kind: .reset, message: "peer said canary@mail.example", mayHaveBeenSent: true,
      underlyingError: TransportError(kind: .other, message: "canary", mayHaveBeenSent: true))
    let archive = try await recorded(
      .failure(error),
      .response(
        TransportResponse(status: 200, headers: ["Set-Cookie": "s=canary-cookie; Secure"], body: bytes)),
      in: folder)
    let failed = try #require(archive["log"]?["entries"]?[0]?["response"])
    #expect(failed["status"] == 0 && failed["_error"] == "reset" && failed["_mayHaveBeenSent"] == true)
    let binary = try #require(archive["log"]?["entries"]?[1]?["response"])
    #expect(binary["content"]?["encoding"] == "base64" && binary["content"]?["size"] == 4)
    #expect(binary["cookies"] == [["name": "s", "value": "<redacted:cookie:1>"]])

    let fixture = try FixtureTransport(contentsOf: folder.file("a.har"))
    let replayed = try await #require(throws: TransportError.self) { try await fixture.send(request) }
    #expect(replayed.kind == .reset && replayed.mayHaveBeenSent)
    #expect(replayed.message == "peer said <redacted:email:1>")
    #expect(try await fixture.send(request).body == bytes)
    try fixture.verify()
  }

  @Test func hidesWhatTheApplicationNames() async throws {
    let folder = try TemporaryFolder()
    let redaction = Redaction(fields: ["iban"], headers: ["X-Bank"], secrets: [Secret("quiet-word")])
    let archive = try await recorded(
      .json(["iban": 1_234_567, "note": "a quiet-word"]).with(headers: ["X-Bank": "acme"]),
      redaction: redaction, in: folder)
    let answer = try #require(archive["log"]?["entries"]?[0]?["response"])
    #expect(
      answer["content"]?["text"] == #"{"iban":"<redacted:custom:3>","note":"a <redacted:custom:1>"}"#)
    let fixture = try FixtureTransport(contentsOf: folder.file("a.har"), redaction: redaction)
    #expect(try await fixture.send(request).status == 200)
  }

  // MARK: Files

  @Test func refusesToOverwriteUnlessTold() async throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("mine", to: "a.har")
    let refusal = try #require(throws: RecordingError.self) {
      try RecordingTransport(upstream: InMemoryKernel(), to: path)
    }
    #expect(
      refusal.description
        == "cannot record to \(path): it exists already: delete it, or record with overwriting: true")
    #expect(try folder.contents(of: "a.har") == "mine")
    let recording = try RecordingTransport(upstream: InMemoryKernel(), to: path, overwriting: true)
    #expect(try folder.contents(of: "a.har") == "mine")
    try await recording.finish()
    #expect(try HARCheck.problems(in: folder.contents(of: "a.har")) == [])
  }

  @Test func aFileThatAppearsMeanwhileIsNotOverwritten() async throws {
    let folder = try TemporaryFolder()
    let recording = try RecordingTransport(upstream: InMemoryKernel(), to: folder.file("a.har"))
    let path = try folder.write("mine", to: "a.har")
    let refusal = await #expect(throws: RecordingError.self) { try await recording.finish() }
    #expect(refusal?.reason.contains("exists already") == true)
    #expect(try folder.contents(of: "a.har") == "mine")
    try FileManager.default.removeItem(atPath: path)
    _ = try await recording.send(request)
    try await recording.finish()
    #expect(try folder.names == ["a.har"])
    #expect(try FixtureTransport(contentsOf: path).recordedRequests.count == 1)
  }

  @Test func saysWhatIsWrongWithAPath() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("", to: "file")
    for (path, reason) in [
      ("", "give the path of a file"), ("\(folder.path)/", "give the path of a file"),
      (folder.file("none/a.har"), "create it first"), ("\(file)/a.har", "is not a folder"),
      (folder.path, "it is a folder"),
    ] {
      let error = #expect(throws: RecordingError.self) {
        try RecordingTransport(upstream: InMemoryKernel(), to: path, overwriting: true)
      }
      #expect(error?.reason.contains(reason) == true && error?.path == path)
    }
    #expect(try folder.names == ["file"])
  }

  // MARK: Order

  @Test func nothingIsOnDiskBeforeTheEndAndNothingIsSentAfterIt() async throws {
    let folder = try TemporaryFolder()
    let recording = try RecordingTransport(upstream: InMemoryKernel(), to: folder.file("a.har"))
    _ = try await recording.send(request)
    #expect(try folder.names == [] && recording.count == 1)
    try await recording.finish()
    let late = try await #require(throws: TransportError.self) { try await recording.send(request) }
    #expect(late.kind == .shutDown && !late.mayHaveBeenSent)
    let twice = await #expect(throws: RecordingError.self) { try await recording.finish() }
    #expect(twice?.reason == "the recording is finished already")
    #expect("\(recording)" == "RecordingTransport(\(folder.file("a.har")), 1 exchanges)")
  }

  @Test func cannotEndWhileARequestIsUnderWay() async throws {
    let folder = try TemporaryFolder()
    let mock = MockTransport { $0.on(.any).answer(.never) }
    let recording = try RecordingTransport(upstream: mock, to: folder.file("a.har"))
    let task = Task { try await recording.send(request) }
    while mock.requests.isEmpty { await Task.yield() }
    let error = await #expect(throws: RecordingError.self) { try await recording.finish() }
    #expect(error?.reason.contains("1 requests are still under way") == true)
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    try await recording.finish()
    #expect(try FixtureTransport(contentsOf: folder.file("a.har")).recordedRequests.isEmpty)
  }

  @Test func printsNoSecret() async throws {
    let folder = try TemporaryFolder()
    let recording = try RecordingTransport(upstream: InMemoryKernel(), to: folder.file("a.har"))
    _ = try await recording.send(request)
    try await recording.finish()
    let fixture = try FixtureTransport(contentsOf: folder.file("a.har"))
    var other = request
    other.url = "https://h/canary@mail.example?token=canary-query"
    let miss = try await #require(throws: TransportError.self) { try await fixture.send(other) }
    var printed = "\(recording) \(String(reflecting: recording)) \(fixture) \(fixture.misses) \(miss)"
    dump(recording, to: &printed)
    dump(fixture, to: &printed)
    dump(fixture.recordedRequests, to: &printed)
    #expect(!printed.contains("canary"))
  }
}
