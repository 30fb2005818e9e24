import PlystraCore
import PlystraTesting
import Testing

/// Login, and the lock after failures (contract §7).
@Suite struct LoginTests {
  private func seed() -> KernelSeed {
    var seed = KernelSeed.demo
    seed.users.append(
      KernelSeed.User(
        id: "user_gone", email: "gone@example.com", password: Secret("plystra-demo"), status: "disabled"))
    seed.users.append(
      KernelSeed.User(id: "user_alone", email: "alone@example.com", password: Secret("plystra-demo")))
    return seed
  }

  @Test func tokensHaveTheirForm() throws {
    let driver = try KernelDriver(seed())
    let first = driver.login().data
    let second = driver.login().data
    for (key, prefix) in [("access_token", "ply_at_"), ("refresh_token", "ply_rt_")] {
      let token = try #require(first[key]?.stringValue)
      #expect(token.hasPrefix(prefix))
      #expect(token.count == 71)
      #expect(token.dropFirst(7).allSatisfy { $0.isHexDigit && !$0.isUppercase })
      #expect(second[key] != first[key])
    }
    #expect(first["expires_at"] == "2026-05-06T00:15:00Z")
    #expect(first["refresh_expires_at"] == "2026-06-05T00:00:00Z")
  }

  @Test(arguments: [" Alice@Example.COM ", "\talice@example.com\n", "ALICE@EXAMPLE.COM"])
  func theEMailIsNormalised(email: String) throws {
    #expect(try KernelDriver().login(email).data.at("user.id") == "user_alice")
  }

  @Test(arguments: [
    ("alice@example.com", "wrong"), ("alice@example.com", ""), ("alice@example.com", "Plystra-demo"),
    ("alice@example.com", "plystra-demo "), ("nobody@example.com", "plystra-demo"),
    ("gone@example.com", "plystra-demo"), ("", ""), ("", "plystra-demo"),
  ])
  func failuresLookAlike(email: String, password: String) throws {
    let answer = try KernelDriver(seed()).login(email, password)
    #expect(answer.status == 401)
    #expect(answer.code == "AUTHENTICATION_REQUIRED")
    #expect(answer.error["message"] == "Email or password is incorrect.")
  }

  @Test func nobodyLogsInWithoutAnActiveBinding() throws {
    let answer = try KernelDriver(seed()).login("alone@example.com")
    #expect(answer.status == 403)
    #expect(answer.code == "ACTIVE_MEMBER_REQUIRED")
  }

  @Test func onlyActiveBindingsAreOffered() throws {
    let members = try KernelDriver().login().data["available_members"]?.arrayValue ?? []
    #expect(members.compactMap { $0["user_member_id"]?.stringValue } == ["um_alice_finance_reviewer"])
  }

  @Test func theEighthFailureLocksTheEMail() throws {
    let driver = try KernelDriver()
    for number in 1...7 {
      #expect(driver.login("alice@example.com", "wrong", from: "192.0.2.\(number)").status == 401)
      driver.clock.advance(by: 60)
    }
    let eighth = driver.login("ALICE@example.com", "wrong", from: "192.0.2.8")
    #expect(eighth.status == 429)
    #expect(eighth.code == "AUTH_RATE_LIMITED")
    #expect(eighth.headers["Retry-After"] == "900")
    #expect(eighth.error.at("details.retry_after_seconds") == 900)

    driver.clock.advance(by: 60.5)
    let right = driver.login(from: "192.0.2.99")
    #expect(right.status == 429)
    #expect(right.headers["Retry-After"] == "840")
    #expect(driver.login("bob@example.com", from: "192.0.2.99").status == 200)
    driver.clock.advance(by: 839.4)
    #expect(driver.login(from: "192.0.2.99").status == 429)
    driver.clock.advance(by: 0.2)
    #expect(driver.login(from: "192.0.2.99").status == 200)
  }

  @Test func theEighthFailureLocksTheRemoteAddress() throws {
    let driver = try KernelDriver()
    for number in 1...7 { #expect(driver.login("user\(number)@example.com").status == 401) }
    #expect(driver.login("user8@example.com").status == 429)
    #expect(driver.login().status == 429)
    #expect(driver.login(from: "192.0.2.200").status == 200)
  }

  @Test func failuresOlderThanTheWindowAreForgotten() throws {
    let driver = try KernelDriver()
    #expect(driver.login("alice@example.com", "wrong").status == 401)
    driver.clock.advance(by: 900)
    for _ in 1...7 { #expect(driver.login("alice@example.com", "wrong").status == 401) }
    #expect(driver.login("alice@example.com", "wrong").status == 429)
  }

  @Test func aSuccessForgetsFailures() throws {
    let driver = try KernelDriver()
    for _ in 1...3 {
      for _ in 1...7 { #expect(driver.login("alice@example.com", "wrong").status == 401) }
      #expect(driver.login().status == 200)
    }
  }

  @Test func aMalformedLoginIsNoFailure() throws {
    let driver = try KernelDriver()
    for _ in 1...10 { #expect(driver.post("auth/login", ["user": "alice"]).status == 400) }
    #expect(driver.login().status == 200)
  }
}
