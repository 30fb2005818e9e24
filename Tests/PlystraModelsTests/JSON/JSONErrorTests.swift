import PlystraCore
import PlystraModels
import TestSupport
import Testing

@Suite("An error says where and why, and quotes no value")
struct JSONErrorTests {
  @Test(
    "the path leads to the cause",
    arguments: [
      (
        "{\"data\":{\"grants\":[{\"scope\":\"self\"},{\"scope\":\"group\"},{\"scope\":5}],\"action\":\"a\"}}",
        "data.grants[2].scope"
      ),
      (
        "{\"data\":{\"grants\":[{\"scope\":\"self\"},{\"role_key\":\"r\"}],\"action\":\"a\"}}",
        "data.grants[1]"
      ),
      ("{\"data\":{\"grants\":{},\"action\":\"a\"}}", "data.grants"),
      ("{\"data\":{\"grants\":[],\"action\":null}}", "data.action"),
      ("{\"data\":{\"grants\":[]}}", "data"),
      ("{\"data\":{\"action\":\"a\",\"actor\":{\"user_id\":[]}}}", "data.actor.user_id"),
      (
        "{\"data\":{\"action\":\"a\",\"resource\":{\"metadata\":{\"a\":[[],[1,{\"b\":x}]]}}}}",
        "data.resource.metadata.a[1][1].b"
      ),
      (
        "{\"data\":{\"action\":\"a\",\"resource\":{\"metadata\":{\"a b\":[1e400]}}}}",
        "data.resource.metadata.a b[0]"
      ),
      ("{\"data\":{\"action\":\"a\",\"other\":[0,1,{\"x\":[nul]}]}}", "data.other[2].x[0]"),
      ("{\"data\":[]}", "data"),
      ("{\"data\":{\"action\":\"}]{[\\\",\",\"actor\":7}}", "data.actor"),
      ("[]", ""), ("\"text\"", ""), ("", ""),
    ])
  func path(text: String, path: String) throws {
    let error = try #require(failure { _ = try Envelope<AuthorizationRequest>(parsing: text.utf8) })
    #expect(error.path == path)
    #expect(
      error.description == (path.isEmpty ? "" : "\(path): ") + "\(error.reason) (at byte \(error.offset))")
  }

  @Test("a missing field is named, at the object that lacks it")
  func missingField() throws {
    let text = "{\"data\": {\"grants\":[]}}"
    let error = try #require(failure { _ = try Envelope<AuthorizationRequest>(parsing: text.utf8) })
    #expect(error.reason == "'action' is missing")
    #expect(error.offset == 9)
  }

  @Test(
    "a wrong type is named, and what stands there",
    arguments: [
      ("1", "a number"), ("-1", "a number"), ("true", "a boolean"), ("null", "null"), ("[]", "an array"),
      ("{}", "an object"), ("@", "something that is not JSON"),
    ])
  func mismatch(text: String, found: String) throws {
    let error = try #require(failure { _ = try Health(parsing: "{\"status\":\(text)}".utf8) })
    #expect(error.reason == "expected a string, found \(found)")
    #expect(error.path == "status")
    #expect(error.offset == 10)
  }

  @Test("the expected type is named")
  func expectation() {
    func reason(_ text: String) -> String? {
      failure { _ = try Envelope<Registration>(parsing: "{\"data\":\(text)}".utf8) }?.reason
    }
    #expect(reason("5") == "expected an object, found a number")
    #expect(reason("{\"user_only\":\"x\",\"user\":{\"id\":\"u\"}}") == "expected a boolean, found a string")
    #expect(
      reason("{\"user\":{\"id\":\"u\"},\"available_members\":{}}") == "expected an array, found an object")
    #expect(
      reason("{\"user\":{\"id\":\"u\"},\"expires_at\":\"soon\"}")?.hasPrefix("expected a timestamp") == true)
  }

  /// Damages each fixture that holds a credential everywhere, and looks for the credential in what is said.
  @Test("no value is ever quoted", arguments: ["auth-login", "auth-refresh", "auth-register"])
  func valuesAreNotQuoted(name: String) throws {
    let body = try Fixtures.body(name)
    let pieces = ["a1", "b2"].map { String(repeating: $0, count: 21) }
    var mutation = Mutation(seed: 0x5EC2)
    var refusals = 0
    for _ in 0..<rounds(2_000) {
      let mutant = mutation.mutant(of: body)
      guard let error = failure({ _ = try Envelope<UserSession>(parsing: mutant) }) else { continue }
      refusals += 1
      for said in ["\(error)", String(reflecting: error), error.reason, error.path] {
        #expect(!said.contains("ply_at") && !said.contains("ply_rt"), "\(mutant.text)")
        // Damage may make a key of a piece of a token; as little of it is shown as of any key.
        #expect(!said.contains(pieces[0]) && !said.contains(pieces[1]), "\(mutant.text)")
      }
    }
    #expect(refusals > rounds(500))
  }

  @Test("a credential that damage has made a key of is not shown either")
  func credentialsAsKeys() throws {
    for key in [
      "ply_at_a1a1", "ply_rt_b2b2", "ply_ak_01.secret", "x ply_at_a1a1", String(repeating: "a1", count: 21),
    ] {
      let error = try #require(refusal(of: "{\"data\":{\"\(key)\":[x]}}"))
      #expect(error.path == "data.…[0]")
      #expect(!error.description.contains(key))
    }
  }

  @Test("no control character comes into a message, which might forge a line of a log or steer a terminal")
  func controlCharacters() throws {
    for text in [
      "{\"a\nFORGED\":1}", "{\"a\u{1B}[31m\":1}", "{\"a\u{7F}\":x}", "{\"a\u{9B}31m\":x}", "{\"a\u{85}b\":x}",
      "{\"a\u{2028}b\":x}", "{\"a\u{202E}b\":x}", "{\"a\u{0}\":1}",
    ] {
      let error = try #require(refusal(of: text))
      #expect(error.path.hasPrefix("a\u{FFFD}"))
      let categories: [Unicode.GeneralCategory] = [.control, .format, .lineSeparator, .paragraphSeparator]
      #expect(
        !error.description.unicodeScalars.contains { categories.contains($0.properties.generalCategory) })
    }
    #expect(refusal(of: "{\"Überweisung 財\":x}")?.path == "Überweisung 財")
  }

  @Test("a key of any length does not make the message long")
  func longKeys() throws {
    let key = String(repeating: "k", count: 100_000)
    let error = try #require(refusal(of: "{\"\(key)\":{\"\(key)\":x}}"))
    #expect(error.path == "….…")
    let longest = String(repeating: "é", count: 20)
    #expect(refusal(of: "{\"\(longest)\":x}")?.path == longest)
    #expect(refusal(of: "{\"\(longest)x\":x}")?.path == "…")
  }

  @Test("an error made by hand keeps its parts")
  func madeByHand() {
    let error = JSONError(reason: "wrong", offset: 7, path: "a.b")
    #expect(error.description == "a.b: wrong (at byte 7)")
    #expect(JSONError(reason: "wrong", offset: 7).description == "wrong (at byte 7)")
    #expect(error == JSONError(reason: "wrong", offset: 7, path: "a.b"))
  }
}
