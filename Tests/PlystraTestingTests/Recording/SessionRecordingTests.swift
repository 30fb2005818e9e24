import Foundation
import PlystraCore
import PlystraTesting
import TestSupport
import Testing

/// What an application does in a session, and what it learns.
private struct WholeSession {
  let plystra: PlystraClient
  let email: String
  let password: String

  /// Does all of it and returns what came out, line by line, without what is confidential.
  func run() async throws -> [String] {
    var lines = [try await plystra.system.health().status]
    let refusal = await failure {
      _ = try await plystra.auth.login(email: email, password: "wrong-\(password)")
    }
    lines.append(refusal)
    let session = try await plystra.auth.login(email: email, password: password)
    lines.append("\(session.user.id) \(session.actor?.memberID ?? "") \(session.availableMembers.count)")
    try plystra.setAccessToken(session.tokens.accessToken)
    lines.append("\(try await plystra.actor.context().actor?.userMemberID ?? "")")
    for invoice in ["invoice_001", "invoice_002", "invoice_001"] {
      let decision = try await plystra.authz.check(.question(about: invoice))
      lines.append("\(decision)")
      lines.append("\(try await plystra.authz.explain(.question(about: invoice)))")
      let row = try await plystra.audit.get(try #require(decision.auditLogID))
      lines.append("\(row)")
    }
    lines.append("\(try await plystra.audit.list(AuditQuery(spaceID: "space_acme", limit: 4)).items)")
    lines.append(await failure { _ = try await plystra.audit.get("audit_of_\(email)") })
    let tokens = try await plystra.auth.refresh(refreshToken: session.tokens.refreshToken)
    try await plystra.auth.logout(refreshToken: tokens.refreshToken)
    return lines
  }

  private func failure(_ call: () async throws -> Void) async -> String {
    do {
      try await call()
      return "no failure"
    } catch let error as PlystraError {
      return "\(error.operation) \(error.status ?? 0) \(error.code ?? "") \(error.message)"
    } catch {
      return "\(error)"
    }
  }
}

/// A whole session against a kernel, recorded and replayed.
@Suite struct SessionRecordingTests {
  private let email = "canary.person@mail.example"
  private let password = "canary password 91"
  private let apiKey = "canary-api-key-7f3a"

  /// So much time that only a hang takes longer.
  private let configuration = PlystraClient.Configuration(
    deadline: .patience * 4, attemptTimeout: .patience * 4)

  private var seed: KernelSeed {
    var seed = KernelSeed.demo
    seed.users[0].email = email
    seed.users[0].password = Secret(password)
    seed.apiKeys = [.init(key: Secret(apiKey))]
    return seed
  }

  private func record(to path: String) async throws -> [String] {
    let recording = try RecordingTransport(upstream: InMemoryKernel(seed: seed), to: path)
    let plystra = try PlystraClient(
      baseURL: "https://plystra.test", apiKey: apiKey, configuration: configuration, transport: recording)
    let lines = try await WholeSession(plystra: plystra, email: email, password: password).run()
    try await recording.finish()
    return lines
  }

  @Test func aRecordingHoldsNoSecretAndIsAnArchive() async throws {
    let folder = try TemporaryFolder()
    _ = try await record(to: folder.file("session.har"))
    let text = try folder.contents(of: "session.har")
    for secret in [
      "canary", "person@", "mail.example", "password 91", "password%2091", "ply_at_", "ply_rt_", "7f3a",
    ] {
      #expect(!text.contains(secret), "\(secret)")
    }
    #expect(try HARCheck.problems(in: text) == [])
    #expect(text.contains("<redacted:access_token:1>") && text.contains("<redacted:password:2>"))
    #expect(try folder.names == ["session.har"])
  }

  @Test(arguments: ["canary password 91", "another password, of another length"])
  func aReplayGivesTheSameOutput(_ otherPassword: String) async throws {
    let folder = try TemporaryFolder()
    let lines = try await record(to: folder.file("session.har"))
    let fixture = try FixtureTransport(contentsOf: folder.file("session.har"))
    let plystra = try PlystraClient(
      baseURL: "http://localhost:1/base", apiKey: "ply_ak_other.key", configuration: configuration,
      transport: fixture)
    let replayed = try await WholeSession(
      plystra: plystra, email: "somebody@else.example", password: otherPassword
    ).run()
    // What is confidential is a placeholder in the replay, wherever it comes from.
    #expect(replayed.count == lines.count)
    for (line, recorded) in zip(replayed, lines) {
      // Each run has request ids of its own.
      let ids = /req_[0-9a-z]{20}/
      #expect(
        line.replacing(ids, with: "ID")
          == recorded.replacing(email, with: "<redacted:email:1>").replacing(ids, with: "ID"))
    }
    try fixture.verify()
  }

  @Test func aSessionThatWasRecordedLongAgoLivesOn() async throws {
    let folder = try TemporaryFolder()
    let longAgo = Date(timeIntervalSince1970: 1_600_000_000)
    let kernel = InMemoryKernel(seed: seed, now: { longAgo })
    let recording = try RecordingTransport(
      upstream: kernel, to: folder.file("session.har"), now: { longAgo })
    let first = try PlystraClient(
      baseURL: "https://plystra.test", configuration: configuration, transport: recording)
    let recorded = try await first.auth.login(email: email, password: password).tokens
    try first.setAccessToken(recorded.accessToken)
    _ = try await first.actor.context()
    try await recording.finish()

    let fixture = try FixtureTransport(contentsOf: folder.file("session.har"))
    let second = try PlystraClient(
      baseURL: "https://plystra.test", configuration: configuration, transport: fixture)
    let replayed = try await second.auth.login(email: email, password: password).tokens
    let lifetime = try #require(replayed.expiresAt).timeIntervalSince(Date())
    #expect(lifetime > 600 && lifetime < 901)
    // A client that keeps its session alive sees no need to refresh it.
    try second.setSession(replayed)
    #expect(try await second.actor.context().actor?.userID == "user_alice")
    try fixture.verify()

    let then = try FixtureTransport(contentsOf: folder.file("session.har"), now: { longAgo })
    let same = try await PlystraClient(
      baseURL: "https://plystra.test", configuration: configuration, transport: then
    )
    .auth.login(email: email, password: password).tokens
    #expect(same.expiresAt == recorded.expiresAt && same.refreshExpiresAt == recorded.refreshExpiresAt)
  }

  private let tasks = Sanitizer.crowd(1_000)

  @Test func aThousandTasksRecordIntoOneFileAndReplayIt() async throws {
    let folder = try TemporaryFolder()
    let recording = try RecordingTransport(
      upstream: InMemoryKernel(seed: seed), to: folder.file("many.har"))
    let ids = try await decisions(through: recording, key: apiKey)
    try await recording.finish()
    #expect(recording.count == tasks)
    let fixture = try FixtureTransport(contentsOf: folder.file("many.har"))
    #expect(try await decisions(through: fixture, key: "ply_ak_other.key") == ids)
    try fixture.verify()
    #expect(try !folder.contents(of: "many.har").contains("canary"))
  }

  /// The audit ids by the number of their question.
  private func decisions(through transport: any HTTPTransport, key: String) async throws -> [Int: String] {
    let plystra = try PlystraClient(
      baseURL: "https://plystra.test", apiKey: key, configuration: configuration, transport: transport)
    let ids = Locked([Int: String]())
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<tasks {
        group.addTask {
          var question = AuthorizationRequest.question()
          question.resource = ResourceContext(
            type: "invoice", id: "invoice_001", spaceID: "space_acme", groupPath: "finance.apac",
            metadata: ["number": .integer(Int64(number))])
          let id = try await plystra.authz.check(question).auditLogID
          ids.withLock { $0[number] = id }
        }
      }
      try await group.waitForAll()
    }
    return ids.withLock { $0 }
  }
}
