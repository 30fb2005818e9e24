import TestSupport
import Testing

@testable import PlystraCore

@Suite("Base URLs (row 47)")
struct BaseURLTests {
  @Test(
    "accepted, with the prefix kept and slashes folded",
    arguments: [
      ("https://plystra.test", "https://plystra.test", ""),
      ("https://plystra.test/", "https://plystra.test", ""),
      ("https://plystra.test///", "https://plystra.test", ""),
      ("https://plystra.test//a///b//", "https://plystra.test", "/a/b"),
      ("HTTPS://PLYSTRA.Test:443/Authz", "https://plystra.test:443", "/Authz"),
      ("http://127.0.0.1:8080", "http://127.0.0.1:8080", ""),
      ("http://localhost:1/x", "http://localhost:1", "/x"),
      ("https://h:65535", "https://h:65535", ""),
      ("https://h:00080", "https://h:80", ""),
      ("https://[::1]:8443/p", "https://[::1]:8443", "/p"),
      ("https://[2001:DB8::1]", "https://[2001:db8::1]", ""),
      ("https://[::ffff:10.0.0.1]/", "https://[::ffff:10.0.0.1]", ""),
      ("https://my_host-1.example.", "https://my_host-1.example.", ""),
      ("https://h/a%20b/%C3%A9/~x-._", "https://h", "/a%20b/%C3%A9/~x-._"),
      ("https://h/a@b:c;d=e&f,g+h!i$j'k(l)*", "https://h", "/a@b:c;d=e&f,g+h!i$j'k(l)*"),
      ("https://h/...", "https://h", "/..."),
    ])
  func accepted(text: String, origin: String, prefix: String) throws {
    let url = try BaseURL(text)
    #expect(url.origin == origin)
    #expect(url.prefix == prefix)
  }

  static let refusals: [(text: String, says: String)] = [
    ("", "empty"), ("hidden.test", "scheme"), ("//hidden.test", "scheme"), ("/hidden", "scheme"),
    ("https:/hidden.test", "scheme"), ("https:hidden.test", "scheme"), ("://hidden", "scheme"),
    ("ftp://hidden.test", "https"), ("file:///hidden", "https"), ("httpss://hidden", "https"),
    ("javascript://hidden", "https"), ("https+unix://hidden", "https"),
    ("https://", "host"), ("https:///hidden", "host"), ("https://:443", "host"), ("https://.", "host"),
    ("https://.hidden", "host"), ("https://-hidden", "host"), ("https://hid%64en", "host"),
    ("https://hidden,test", "host"), ("https://hid..den", "host"), ("https://[hidden]", "host"),
    ("https://[]", "host"), ("https://[:]", "host"), ("https://[:::]", "host"), ("https://[1:2]", "host"),
    ("https://[::1", "host"), ("https://::1", "host"), ("https://[::1]hidden", "host"),
    ("https://[::1%25eth0]", "host"), ("https://[1::2::3]", "host"), ("https://[12345::]", "host"),
    ("https://[1:2:3:4:5:6:7:8:9]", "host"), ("https://[::1.2.3.256]", "host"),
    ("https://[::1.2.3]", "host"), ("https://[1:2:3:4:5:6:7::8]", "host"),
    ("https://hidden:", "port"), ("https://hidden:0", "port"), ("https://hidden:65536", "port"),
    ("https://hidden:-1", "port"), ("https://hidden:+80", "port"), ("https://hidden:8o", "port"),
    ("https://hidden:99999999999999999999", "port"), ("https://hidden:80:80", "host"),
    ("https://user@hidden", "user information"), ("https://user:hidden@h", "user information"),
    ("https://@hidden", "user information"), ("https://hid%40den@h/x", "user information"),
    ("https://h/?hidden", "query"), ("https://h?hidden=1", "query"), ("https://h/a?", "query"),
    ("https://h/#hidden", "fragment"), ("https://h#", "fragment"),
    ("https://hidden test", "space"), (" https://hidden", "space"), ("https://hidden\n", "control"),
    ("https://hidden\r\nX: 1", "control"), ("https://hid\0den", "control"), ("https://hidd\u{E9}n", "ASCII"),
    ("https://hidden\\@evil", "backslash"), ("https://hidden/\"", "quote"), ("https://hidden\t/", "control"),
    ("https://h/../hidden", "segment"), ("https://h/hidden/.", "segment"),
    ("https://h/%2E%2e/hidden", "segment"),
    ("https://h/.%2e/hidden", "segment"), ("https://h/hidden/..", "segment"),
    ("https://h/hidden%", "%"), ("https://h/hidden%4", "%"), ("https://h/%zz/hidden", "%"),
    ("https://h/hid{den}", "percent-encode"), ("https://h/hid|den", "percent-encode"),
    ("https://h/<hidden>", "percent-encode"), ("https://h/hidden^`", "percent-encode"),
    ("https://h/[hidden]", "percent-encode"),
  ]

  @Test("refused with a message that says why and quotes nothing", arguments: refusals)
  func refused(text: String, says: String) throws {
    let error = try plystraError {
      try PlystraClient(baseURL: text, apiKey: "hidden-key", transport: ScriptedTransport())
    }
    #expect(error.kind == .configuration)
    #expect(error.message.hasPrefix("baseURL: "))
    #expect(error.message.contains(says))
    #expect(!leaks(error, "hid"))
    #expect(error.attempts == 0)
  }

  @Test(
    "what protects credentials",
    arguments: [
      ("https://plystra.test", true), ("http://plystra.test", false), ("http://localhost", true),
      ("http://LocalHost:80", true), ("http://127.0.0.1", true), ("http://127.255.3.4:8080", true),
      ("http://[::1]:8080", true), ("http://[0:0:0:0:0:0:0:1]", true), ("http://[::2]", false),
      ("http://localhost.evil.test", false), ("http://evil-localhost", false),
      ("http://127.0.0.1.evil.test", false), ("http://127.evil.0.1", false), ("http://127.0.0.256", false),
      ("http://127.1", false), ("http://0.0.0.0", false), ("http://1270.0.0.1", false),
      ("http://10.0.0.1", false), ("http://localhost.", false), ("http://127.0.0.1.", false),
      ("http://[::ffff:127.0.0.1]", false), ("http://0x7f.0.0.1", false),
    ])
  func protection(text: String, protects: Bool) throws {
    #expect(try BaseURL(text).protectsCredentials == protects)
  }

  @Test("what lies at a base URL, and what only looks like it")
  func contains() throws {
    let url = try BaseURL("https://plystra.test/authz")
    for inside in ["/api", "/api/v1?x=1", "/a%2Fb?q=%20&r=a/b?c", "//x", "/"] {
      #expect(url.contains("https://plystra.test/authz" + inside), "\(inside)")
    }
    for outside in [
      "https://plystra.test.evil/authz/api", "https://plystra.test@evil/authz/api",
      "https://plystra.test:443/authz/api", "https://plystra.testing/authz/api",
      "https://plystra.test\\@evil/authz", "https://plystra.test/other/api",
      "https://plystra.test/authzed/api",
      "https://plystra.test/authz/../other", "https://plystra.test/authz/%2e%2E/other",
      "https://plystra.test/authz/x#y", "https://plystra.test/authz/x y", "https://plystra.test/authz/x\r\ny",
      "https://plystra.test/authz?x=\r\nX-Evil: 1", "https://plystra.test/authz/x?y z",
      "http://plystra.test/authz/api", "HTTPS://plystra.test/authz/api", "https://evil/authz/api", "",
      "https://plystra.test/authz/%", "https://plystra.test/authz\u{301}/api",
      "https://plystra.test/authz/\u{338}", "https://user@plystra.test/authz/api",
      "https://plystra.test", "https://plystra.test/authz/x\\y",
    ] {
      #expect(!url.contains(outside), "\(outside)")
    }
  }
}
