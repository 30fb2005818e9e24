import PlystraCore
import PlystraTesting
import Testing

/// The life of a session: expiry, rotation, logout, and the member it acts as.
@Suite struct SessionTests {
  private func tokens(_ data: JSONValue) throws -> (access: [String: String], refresh: JSONValue) {
    let access = try #require(data["access_token"]?.stringValue)
    return (KernelDriver.bearer(access), ["refresh_token": try #require(data["refresh_token"])])
  }

  @Test func anAccessTokenLivesFifteenMinutes() throws {
    let driver = try KernelDriver()
    let session = try driver.session()
    driver.clock.advance(by: 899)
    #expect(driver.get("actor/context", session).status == 200)
    driver.clock.advance(by: 1)
    for path in ["actor/context", "capabilities"] {
      let dead = driver.get(path, session)
      #expect(dead.status == 401)
      #expect(dead.code == "AUTHENTICATION_REQUIRED")
    }
  }

  @Test func refreshRotatesBothTokensAtOnce() throws {
    let driver = try KernelDriver()
    let old = try tokens(driver.login().data)
    driver.clock.advance(by: 60)
    let answer = driver.post("auth/refresh", old.refresh)
    #expect(answer.status == 200)
    #expect(answer.data["expires_at"] == "2026-05-06T00:16:00Z")
    #expect(answer.data["refresh_expires_at"] == "2026-06-05T00:01:00Z")
    #expect(driver.get("actor/context", old.access).status == 401)
    let again = driver.post("auth/refresh", old.refresh)
    #expect(again.status == 401)
    #expect(again.code == "SESSION_EXPIRED")
    let new = try tokens(answer.data)
    #expect(driver.get("actor/context", new.access).status == 200)
    #expect(driver.post("auth/refresh", new.refresh).status == 200)
  }

  @Test func aRefreshTokenLivesThirtyDays() throws {
    let driver = try KernelDriver()
    let first = try tokens(driver.login().data)
    let second = try tokens(driver.login().data)
    driver.clock.advance(by: 30 * 86_400 - 1)
    #expect(driver.post("auth/refresh", first.refresh).status == 200)
    driver.clock.advance(by: 1)
    #expect(driver.post("auth/refresh", second.refresh).code == "SESSION_EXPIRED")
  }

  @Test(arguments: [#"{}"#, #"{"refresh_token":null}"#, #"{"refresh_token":""}"#, #"{"refresh_token":"x"}"#])
  func anUnknownRefreshTokenIsExpired(body: String) throws {
    let answer = try KernelDriver().send("POST", "auth/refresh", body: Array(body.utf8))
    #expect(answer.status == 401)
    #expect(answer.code == "SESSION_EXPIRED")
  }

  @Test func anAccessTokenDoesNotRefresh() throws {
    let driver = try KernelDriver()
    let access = try #require(driver.login().data["access_token"])
    #expect(driver.post("auth/refresh", ["refresh_token": access]).code == "SESSION_EXPIRED")
  }

  @Test func logoutEndsBothTokensOfOneSession() throws {
    let driver = try KernelDriver()
    let first = try tokens(driver.login().data)
    let second = try tokens(driver.login().data)
    let answer = driver.post("auth/logout", first.refresh)
    #expect(answer.status == 200)
    #expect(answer.data == ["logged_out": true])
    #expect(driver.get("actor/context", first.access).status == 401)
    #expect(driver.post("auth/refresh", first.refresh).code == "SESSION_EXPIRED")
    #expect(driver.get("actor/context", second.access).status == 200)
    #expect(driver.post("auth/logout", first.refresh).data == ["logged_out": true])
  }

  @Test(arguments: ["", "{}", #"{"refresh_token":null}"#, #"{"refresh_token":"unknown"}"#])
  func aLogoutWithoutAKnownRefreshTokenEndsNothing(body: String) throws {
    let driver = try KernelDriver()
    let session = try driver.session()
    let answer = driver.send("POST", "auth/logout", body: Array(body.utf8), headers: session)
    #expect(answer.status == 200)
    #expect(answer.data == ["logged_out": true])
    #expect(driver.get("actor/context", session).status == 200)
  }

  // MARK: Acting as a member

  /// Alice may act as two more members, and bob as none of them.
  private func severalMembers() throws -> KernelDriver {
    var seed = KernelSeed.demo
    seed.spaces.append(KernelSeed.Space(id: "space_beta", name: "Beta"))
    for (member, space) in [("member_z", "space_acme"), ("member_b", "space_beta")] {
      seed.members.append(KernelSeed.Member(id: member, spaceID: space, displayName: member))
      seed.userMembers.append(
        KernelSeed.UserMember(id: "um_\(member)", userID: "user_alice", memberID: member, spaceID: space))
    }
    return try KernelDriver(seed)
  }

  @Test func bindingsAreOfferedPrimaryFirstThenByName() throws {
    let members = try severalMembers().login().data["available_members"]?.arrayValue ?? []
    #expect(
      members.compactMap { $0["user_member_id"]?.stringValue }
        == ["um_alice_finance_reviewer", "um_member_z", "um_member_b"])
  }

  @Test func switchingIsRememberedByThatSessionAlone() throws {
    let driver = try severalMembers()
    let login = try tokens(driver.login().data)
    let other = try driver.session()
    let answer = driver.post("actor/switch-member", ["member_id": "member_b"], login.access)
    #expect(answer.data["actor"]?["space_id"] == "space_beta")
    #expect(answer.data["available_members"]?.arrayValue?.count == 3)
    #expect(driver.get("actor/context", login.access).data.at("actor.member_id") == "member_b")
    #expect(driver.get("actor/context", other).data.at("actor.member_id") == "member_finance_reviewer")
    let refreshed = try tokens(driver.post("auth/refresh", login.refresh).data)
    #expect(driver.get("actor/context", refreshed.access).data.at("actor.member_id") == "member_b")
    #expect(
      driver.post("actor/switch-member", ["user_member_id": "um_member_z"], refreshed.access)
        .data.at("actor.user_member_id") == "um_member_z")
  }

  @Test(
    arguments: [
      ["user_member_id": "um_alice_finance_reviewer_revoked"],
      ["user_member_id": "um_alice_finance_reviewer_expired"],
      ["user_member_id": "um_bob_finance_reviewer"], ["user_member_id": "unknown"],
      ["member_id": "unknown"],
      ["member_id": "member_b", "user_member_id": "um_member_z"],
    ] as [JSONValue])
  func whatIsNotActiveOrNotOnesOwnIsRefused(body: JSONValue) throws {
    let driver = try severalMembers()
    let session = try driver.session()
    let answer = driver.post("actor/switch-member", body, session)
    #expect(answer.status == 403)
    #expect(answer.code == "ACTIVE_MEMBER_REQUIRED")
    #expect(driver.get("actor/context", session).data.at("actor.member_id") == "member_finance_reviewer")
  }

  @Test func aSwitchNamesItsMember() throws {
    let driver = try KernelDriver()
    let session = try driver.session()
    for body: JSONValue in [[:], ["member_id": nil], ["member_id": "", "user_member_id": ""]] {
      #expect(driver.post("actor/switch-member", body, session).code == "VALIDATION_FAILED")
    }
  }

  @Test func aBindingThatEndsIsReplacedByTheNext() throws {
    var seed = KernelSeed.demo
    seed.userMembers = [
      KernelSeed.UserMember(
        id: "um_1", userID: "user_alice", memberID: "member_finance_reviewer", spaceID: "space_acme",
        isPrimary: true, expiresAt: Timestamp.date(from: "2026-05-06T00:05:00Z")),
      KernelSeed.UserMember(
        id: "um_2", userID: "user_alice", memberID: "member_finance_reviewer", spaceID: "space_acme",
        expiresAt: Timestamp.date(from: "2026-05-06T00:10:00Z")),
    ]
    let driver = try KernelDriver(seed)
    let session = try driver.session()
    #expect(driver.get("actor/context", session).data.at("actor.user_member_id") == "um_1")
    driver.clock.advance(by: 300)
    #expect(driver.get("actor/context", session).data.at("actor.user_member_id") == "um_2")
    driver.clock.advance(by: 300)
    #expect(driver.get("actor/context", session).code == "ACTIVE_MEMBER_REQUIRED")
    let request: JSONValue = [
      "resource": ["type": "invoice", "id": "invoice_001"], "action": "approve",
    ]
    #expect(driver.post("authz/check", request, session).code == "ACTIVE_MEMBER_REQUIRED")
  }
}
