import PlystraCore
import PlystraTesting
import Testing

/// Registration: closed unless switched on (contract §7).
@Suite struct RegistrationTests {
  private static let password = "correct horse battery"

  private func open() throws -> KernelDriver {
    var seed = KernelSeed.demo
    seed.registration = .open
    return try KernelDriver(seed)
  }

  private func form(_ changes: JSONObject = [:]) -> JSONValue {
    var form: JSONObject = ["email": "carol@example.com", "password": .string(Self.password)]
    for (key, value) in changes { form[key] = value }
    return .object(form)
  }

  @Test func isClosedByDefault() throws {
    let driver = try KernelDriver()
    for body in [form(), [:]] {
      let answer = driver.post("auth/register", body)
      #expect(answer.status == 403)
      #expect(answer.code == "REGISTRATION_DISABLED")
    }
    #expect(driver.login("carol@example.com", Self.password).status == 401)
  }

  @Test(
    arguments: [
      ["email": nil], ["email": " "], ["email": "carol"], ["password": nil], ["password": ""],
      ["password": "12345678901"], ["password": "            "],
      ["password": .string(String(repeating: "p", count: 1025))],
      ["password": .string(String(repeating: "é", count: 513))],
    ] as [JSONObject])
  func asksForEMailAndPassword(changes: JSONObject) throws {
    let answer = try open().post("auth/register", form(changes))
    #expect(answer.status == 400)
    #expect(answer.code == "VALIDATION_FAILED")
  }

  @Test(arguments: ["123456789012", String(repeating: "p", count: 1024), "ééééééüüüüüü"])
  func passwordsOfTwelveCharactersToAThousandBytesServe(password: String) throws {
    let driver = try open()
    #expect(driver.post("auth/register", form(["password": .string(password)])).status == 201)
    #expect(driver.login("carol@example.com", password).status == 200)
  }

  @Test func makesAUserWhoCanWorkAtOnce() throws {
    let driver = try open()
    let answer = driver.post(
      "auth/register",
      form([
        "username": "carol", "phone": "+49 30 1234", "space_name": "Carol's", "space_slug": "carols",
        "registration_token": "any", "metadata": ["a": [1, nil]],
      ]))
    #expect(answer.status == 201)
    let member = try #require(answer.data["available_members"]?[0])
    #expect(member["member_display_name"] == "carol")
    #expect(member["space_name"] == "Carol's")
    #expect(member["relation_type"] == "login")
    #expect(member["is_primary"] == true)
    let token = try #require(answer.data["access_token"]?.stringValue)
    let context = driver.get("actor/context", KernelDriver.bearer(token))
    #expect(context.data["actor"] == answer.data["actor"])
    #expect(driver.login(" CAROL@example.com", Self.password).data["actor"] == answer.data["actor"])
  }

  @Test func namesDefaultToTheEMailAndTheDefaultSpace() throws {
    let member = try #require(open().post("auth/register", form()).data["available_members"]?[0])
    #expect(member["member_display_name"] == "carol")
    #expect(member["space_id"] == "space_default")
    #expect(member["space_name"] == "Default Space")
  }

  @Test func duplicatesConflict() throws {
    let driver = try open()
    let first = form(["username": "carol", "phone": "1"])
    #expect(driver.post("auth/register", first).status == 201)
    for changes: JSONObject in [
      [:], ["email": " CAROL@EXAMPLE.COM "], ["email": "alice@example.com"],
      ["email": "dora@example.com", "username": "carol"], ["email": "dora@example.com", "phone": "1"],
    ] {
      let answer = driver.post("auth/register", form(changes))
      #expect(answer.status == 409, "\(changes)")
      #expect(answer.code == "USER_CREATE_FAILED")
    }
    #expect(driver.post("auth/register", form(["email": "dora@example.com"])).status == 201)
  }

  /// Whoever registers administers the space that this made, and no other.
  @Test func administersTheNewSpaceOnly() throws {
    let driver = try open()
    let data = driver.post("auth/register", form()).data
    let session = KernelDriver.bearer(try #require(data["access_token"]?.stringValue))
    let check: JSONValue = ["resource": ["type": "invoice", "id": "invoice_001"], "action": "approve"]
    #expect(driver.post("authz/check", check, session).status == 403)
    #expect(driver.get("audit/logs?space_id=space_default", session).status == 200)
    #expect(driver.get("audit/logs?space_id=space_acme", session).status == 403)
    #expect(driver.get("audit/logs", session).status == 403)
    #expect(driver.get("capabilities", session).status == 403)
  }
}
