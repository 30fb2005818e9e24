import PlystraCore
import PlystraTesting
import Testing

/// Bodies are read as the service reads them: strictly, and after the credential.
@Suite struct RequestBodyTests {
  private static let actor = """
    "actor":{"user_id":"user_alice","member_id":"member_finance_reviewer",\
    "user_member_id":"um_alice_finance_reviewer","space_id":"space_acme"}
    """
  private static let resource = #""resource":{"type":"invoice","id":"invoice_001"}"#

  private func check(_ body: String) throws -> KernelAnswer {
    try KernelDriver().send("POST", "authz/check", body: Array(body.utf8), headers: KernelDriver.apiKey)
  }

  @Test(arguments: [
    "", " ", "{", "}", "null", "[]", "1", "\"x\"", "{} {}", "{}x", "{\"action\":\"a\",}", "{'action':'a'}",
    "{\(actor),\(resource),\"action\":\"approve\"}]", "\u{FEFF}{\(actor),\(resource),\"action\":\"approve\"}",
  ])
  func malformedBodiesAreRefused(body: String) throws {
    let answer = try check(body)
    #expect(answer.status == 400)
    #expect(answer.code == "VALIDATION_FAILED")
    #expect(answer.error["details"]?.stringValue?.isEmpty == false)
  }

  @Test(arguments: [
    (#""extra":1"#, "extra"), (#""Action":"approve""#, "Action"), (#""actor":{"id":"x"}"#, "actor.id"),
    (#""actor":{"metadata":{}}"#, "actor.metadata"), (#""resource":{"Type":"x"}"#, "resource.Type"),
    (#""grants":[{"scope":"self"},{"member_id":"m"}]"#, "grants[1].member_id"),
    (#""resource":{"type":"invoice","metadata":{"any":{"thing":[1]}},"x":null}"#, "resource.x"),
  ])
  func unknownFieldsAreNamed(fields: String, path: String) throws {
    let answer = try check("{\"action\":\"approve\",\(fields)}")
    #expect(answer.status == 400)
    #expect(answer.error["details"] == .string("unknown field \"\(path)\""))
  }

  @Test(arguments: [
    (#""action":1"#, "action: expected a string, found a number"),
    (#""explain":"true""#, "explain: expected a boolean, found a string"),
    (#""actor":[]"#, "actor: expected an object, found an array"),
    (#""grants":{}"#, "grants: expected an array, found an object"),
    (#""grants":["x"]"#, "grants[0]: expected an object, found a string"),
    (#""resource":{"id":true}"#, "resource.id: expected a string, found a boolean"),
    (#""resource":{"metadata":[]}"#, "resource.metadata: expected an object, found an array"),
  ])
  func wrongTypesAreNamed(fields: String, details: String) throws {
    let answer = try check("{\(fields)}")
    #expect(answer.status == 400)
    #expect(answer.code == "VALIDATION_FAILED")
    #expect(answer.error["details"] == .string(details))
  }

  @Test func nullCountsAsAbsent() throws {
    let body = """
      {\(Self.actor),\(Self.resource),"action":"approve","grants":null,"resource_type":null,"resource_id":null,
      "explain":null}
      """
    let answer = try check(body)
    #expect(answer.status == 200)
    #expect(answer.data["allow"] == true)
    #expect(try check(#"{"actor":null,"action":"approve"}"#).status == 400)
  }

  @Test func theLastOfRepeatedKeysWins() throws {
    let answer = try check(
      #"{"action":"reject","resource":{"type":"invoice","id":"x"},\#(Self.actor),\#(Self.resource),"action":"approve"}"#
    )
    #expect(answer.data["audit"]?["resource_id"] == "invoice_001")
    #expect(answer.data["allow"] == true)
  }

  @Test func aBodyMayHaveOneMebibyte() throws {
    let request = Array("{\(Self.actor),\(Self.resource),\"action\":\"approve\"}".utf8)
    let driver = try KernelDriver()
    for (size, status) in [(1 << 20, 200), ((1 << 20) + 1, 400)] {
      let body = request + [UInt8](repeating: UInt8(ascii: " "), count: size - request.count)
      let answer = driver.send("POST", "authz/check", body: body, headers: KernelDriver.apiKey)
      #expect(answer.status == status)
      #expect(answer.code == (status == 400 ? "VALIDATION_FAILED" : nil))
    }
  }

  @Test(arguments: ["authz/check", "authz/explain", "actor/switch-member"])
  func theCredentialIsLookedAtFirst(path: String) throws {
    #expect(try KernelDriver().send("POST", path, body: Array("{".utf8)).status == 401)
  }

  @Test(arguments: ["auth/login", "auth/refresh", "auth/logout", "auth/register"])
  func authBodiesAreJustAsStrict(path: String) throws {
    var seed = KernelSeed.demo
    seed.registration = .open
    let driver = try KernelDriver(seed)
    for body in ["{", "[]", #"{"x":1}"#, #"{"email":1}"#, #"{"refresh_token":[]}"#, "{} 1"] {
      #expect(driver.send("POST", path, body: Array(body.utf8)).status == 400, "\(body)")
    }
    let session = try driver.session()
    #expect(driver.post("actor/switch-member", ["space_id": "space_acme"], session).status == 400)
  }
}
