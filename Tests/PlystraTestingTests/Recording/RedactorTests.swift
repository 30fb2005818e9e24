import PlystraCore
import TestSupport
import Testing

@testable import PlystraTesting

/// Secrets are found wherever they stand and however they are written, and what only looks a little like one is kept.
@Suite struct RedactorTests {
  private func redactor(_ redaction: Redaction = Redaction()) -> Redactor {
    Redactor(redaction, style: .numbered(prefix: ""))
  }

  private func body(_ text: String, after redactor: Redactor? = nil) -> String {
    var redactor = redactor ?? self.redactor()
    let response = redactor.response(TransportResponse(status: 200, body: Array(text.utf8)))
    return String(decoding: response.body, as: UTF8.self)
  }

  @Test(arguments: [
    (#"{"password":"canary"}"#, #"{"password":"<redacted:password:1>"}"#),
    (
      #"{"a":{"access_token":"canary","refresh_token":"canary2","token_type":"Bearer"}}"#,
      #"{"a":{"access_token":"<redacted:access_token:1>","refresh_token":"<redacted:refresh_token:1>","token_type":"Bearer"}}"#
    ),
    (#"{"registrationToken":"canary"}"#, #"{"registrationToken":"<redacted:token:1>"}"#),
    (
      #"{"api_keys":["canary1","canary2"]}"#, #"{"api_keys":["<redacted:api_key:1>","<redacted:api_key:2>"]}"#
    ),
    (#"{"credentials":{"pin":1234}}"#, #"{"credentials":{"pin":"<redacted:credential:1>"}}"#),
    (#"{"user_email":"canary","n":1.50}"#, #"{"user_email":"<redacted:email:1>","n":1.5}"#),
    (#"{"phone":"canary"}"#, #"{"phone":"<redacted:phone:1>"}"#),
    (
      #"{"password":null,"email":"","email_verified":true}"#,
      #"{"password":null,"email":"","email_verified":true}"#
    ),
  ])
  func hidesWhatNamesSay(_ text: String, _ clean: String) {
    #expect(body(text) == clean)
  }

  @Test(arguments: [
    "ply_ak_demo.canary", "ply_at_canary", "PLY_RT_canary", "ply_kernel_canary", "eyJhbGciOi.eyJzdWIi.canary",
    "canary@example.com", "o'canary+tag@mail.example.com", "müller.canary@bücher.example",
  ])
  func hidesWhatLooksLikeASecret(_ secret: String) {
    for text in [
      #"{"note":"see \#(secret)."}"#, #"{"\#(secret)":1}"#, "<p>\(secret)</p>", #"{"cut":"\#(secret)"#,
      #"{"in":"{\"x\":\"\#(secret)\"}"}"#,
    ] {
      let clean = body(text)
      #expect(!clean.contains("canary") && clean.contains("<redacted:"), "\(clean)")
    }
  }

  @Test(arguments: [
    #"{"action":"reply_to_all","key":"invoice","role_key":"a","permission_keys":["*"],"cursor":"x"}"#,
    #"{"message":"Email or password is incorrect. A Bearer token is required.","at":"finance@apac"}"#,
    #"{"rule":"target_path = anchor_path OR target_path LIKE anchor_path || '.%'","b":"apply_at_once"}"#,
    #"{"a" : 1.50, "b":"é"}"#, "<p>password: ask the owner, a = b</p>", "", "not JSON \u{1F511}",
  ])
  func keepsEverythingElseByteForByte(_ text: String) {
    #expect(body(text) == text)
  }

  @Test(arguments: [
    (#"{"password": "can\"ary", "x": [1,"#, #"{"password": "<redacted:password:1>", "x": [1,"#),
    (#"{"password": "canary"#, #"{"password": "<redacted:password:1>"#),
    (#"{"pin_password": 1234, "ok": "#, #"{"pin_password": <redacted:password:1>, "ok": "#),
    ("email=a&password=canary&x=1", "email=<redacted:email:1>&password=<redacted:password:1>&x=1"),
    (#"<!-- {\"token\": \"canary\"} -->"#, #"<!-- {\"token\": \"<redacted:token:1>\"} -->"#),
    ("Authorization: Bearer canary1234567", "Authorization: Bearer <redacted:access_token:1>"),
  ])
  func hidesWhatNamesSayInTextThatIsNotJSON(_ text: String, _ clean: String) {
    #expect(body(text) == clean)
  }

  @Test func aSecretHasOnePlaceholderHoweverItIsWritten() {
    var redactor = redactor()
    let secret = #"pass "word" & <ö>"#
    let login = redactor.request(
      TransportRequest(
        method: "POST", url: "https://h/login",
        body: JSONValue.object(["password": .string(secret)]).serialized()))
    #expect(login.body == Array(#"{"password":"<redacted:password:1>"}"#.utf8))
    for echo in [
      #"<p>pass "word" & <ö></p>"#, "?p=pass%20%22word%22%20%26%20%3C%C3%B6%3E",
      "pass &quot;word&quot; &amp; &lt;ö&gt;",
      "pass+%22word%22+%26+%3C%C3%B6%3E", #"{"x":"pass \"word\" & <ö>"}"#, "cGFzcyAid29yZCIgJiA8w7Y+",
    ] {
      let clean = body(echo, after: redactor)
      #expect(
        clean.contains("<redacted:password:1>") && !clean.contains("word&") && !clean.contains("cGFz"),
        "\(clean)")
    }
    #expect(body(#"{"x":"cut pass \"wor"#, after: redactor) == #"{"x":"cut <redacted:password:1>"#)
  }

  @Test func hidesCredentialsInHeaders() {
    var redactor = redactor(Redaction(headers: ["x-customer"]))
    let request = redactor.request(
      TransportRequest(
        method: "GET", url: "https://h/",
        headers: [
          "Authorization": "Bearer canary-token", "X-Plystra-API-Key": "canary-key",
          "Cookie": "a=canary-1; b=canary-2",
          "Proxy-Authorization": "Basic Y2FuYXJ5", "X-Gateway-Session": "canary-gateway",
          "X-Customer": "canary-custom",
          "User-Agent": "plystra-swift/0.1.0", "Referer": "https://h/?token=canary-token",
        ]))
    #expect(
      request.headers.map(\.value) == [
        "Bearer <redacted:access_token:1>", "<redacted:api_key:1>",
        "a=<redacted:cookie:1>; b=<redacted:cookie:2>",
        "Basic <redacted:credential:1>", "<redacted:header:1>", "<redacted:custom:1>", "plystra-swift/0.1.0",
        "https://h/?token=<redacted:access_token:1>",
      ])
    let response = redactor.response(
      TransportResponse(status: 200, headers: ["Set-Cookie": "a=canary-1; Path=/; HttpOnly"]))
    #expect(response.headers["set-cookie"] == "a=<redacted:cookie:1>; Path=/; HttpOnly")
  }

  @Test func hidesSecretsInURLs() {
    var redactor = redactor()
    #expect(
      redactor.url("https://user:canary@h:1/u/a%40example.com/x?email=a%40example.com&q=a+b&token=canary#f")
        == "https://<redacted:credential:1>@h:1/u/%3Credacted%3Aemail%3A1%3E/x"
        + "?email=%3Credacted%3Aemail%3A1%3E&q=a+b&token=%3Credacted%3Atoken%3A1%3E")
    for url in ["https://h/a%2Fb//c?x&y=&z=%20#", "/p", "", "h", "https://h?q=1"] {
      #expect(redactor.url(url) == url.replacing("#", with: ""))
    }
  }

  @Test func hidesSecretsInNamesOfQueriesAndInNumbers() {
    var redactor = redactor(Redaction(secrets: [Secret("12345678")]))
    #expect(
      redactor.url("https://h/?ply_at_canary&a%20b=1&12345678=x")
        == "https://h/?%3Credacted%3Aaccess_token%3A1%3E&a%20b=1&%3Credacted%3Acustom%3A1%3E=x")
    #expect(body(#"{"n":[12345678,1.5]}"#, after: redactor) == #"{"n":["<redacted:custom:1>",1.5]}"#)
  }

  @Test func whatIsRedactedStaysAsItIs() {
    let text =
      #"{"password":"<redacted:password:7>","note":"to <redacted:email:2>, <redacted:>, <redacted:x"}"#
    #expect(body(text) == text)
  }

  @Test func hidesWhatTheApplicationNames() {
    let redaction = Redaction(fields: ["Tax-Number"], secrets: [Secret("hush-hush")])
    #expect(
      body(#"{"tax_number":12345,"note":"hush-hush"}"#, after: redactor(redaction))
        == #"{"tax_number":"<redacted:custom:2>","note":"<redacted:custom:1>"}"#)
  }

  @Test("What comes right after a known secret is hidden if it looks like one itself")
  func secretAfterSecret() {
    for text in [#"ply_at_ply_"ply_at_ply_ply_ply_at_"#, #"ply_at_ply_"aply_at_ply_ply_x"#] {
      let once = body(text)
      #expect(body(once) == once && !once.contains("ply_"), "\(once)")
    }
  }

  @Test func survivesAnyBytes() {
    var generator = SystemRandomNumberGenerator()
    let pieces = [
      "ply_", "ply_at_", "<redacted:", "@", "%40", "\"password\"", ":", "\"", "\\", "=", "token", "bearer ",
      "eyJ", ".",
      "a", "\u{FFFD}", "&#64;", " ",
    ]
    for _ in 0..<2_000 {
      let text = (0..<8).compactMap { _ in pieces.randomElement(using: &generator) }.joined()
      let once = body(text)
      #expect(body(once) == once, "\(text)")
    }
    let noise = (0..<4_096).map { _ in UInt8.random(in: 0...255, using: &generator) }
    var redactor = redactor()
    _ = redactor.response(TransportResponse(status: 200, body: noise))
  }

  private static let key = "kEy>?>canary-8F2a~/71"

  @Test("every spelling of a secret is hidden", arguments: SecretSpelling.all(of: key))
  func spellings(_ spelling: SecretSpelling) throws {
    var redactor = redactor()
    _ = redactor.request(
      TransportRequest(method: "GET", url: "https://h/", headers: ["X-Plystra-API-Key": Self.key]))
    let quoted = JSONValue.string("before \(spelling.text) after").description
    for text in ["before \(spelling.text) after", #"{"x":\#(quoted)}"#, #"{"cut":\#(quoted)"#] {
      let clean = body(text, after: redactor)
      #expect(clean.contains("<redacted:api_key:1>") && clean.contains(" after"), "\(clean)")
      #expect(!clean.contains(spelling.tell), "\(clean)")
    }
  }

  @Test("a secret that is cut short is hidden where a word ends, and a word that goes on otherwise is kept")
  func cutShort() {
    let known = redactor(Redaction(secrets: [Secret("plystra-demo"), Secret("canary-key-0123456789")]))
    for (text, clean) in [
      ("sent canary-key-0…, or", "sent <redacted:custom:2>…, or"),
      ("sent canary-key-0, or", "sent <redacted:custom:2>, or"),
      ("sent canary-key-01234567XXX", "sent <redacted:custom:2>XXX"),
      ("plystra-swift/0.1.0", "plystra-swift/0.1.0"), ("X-Plystra-API-Key", "X-Plystra-API-Key"),
    ] {
      #expect(body(text, after: known) == clean)
    }
  }

  @Test("what looks like a secret is replaced whole, though it begins like another that is known")
  func sameBeginning() {
    var redactor = redactor()
    _ = redactor.response(
      TransportResponse(
        status: 200,
        body: Array(#"{"access_token":"eyJhbGciOi.eyJzdWIi.first1","email":"alice@example.com"}"#.utf8)))
    #expect(body("eyJhbGciOi.eyJzdWIi.canary", after: redactor) == "<redacted:token:1>")
    #expect(body("to alice@example.org", after: redactor) == "to <redacted:email:2>")
  }
}
