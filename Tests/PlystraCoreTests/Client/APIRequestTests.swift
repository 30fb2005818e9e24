import PlystraCore
import TestSupport
import Testing

@Suite("Low-level requests")
struct APIRequestTests {
  private func refusal(_ request: APIRequest) async throws -> PlystraError {
    let transport = ScriptedTransport(thenAlways: .fixture("health"))
    let client = try Sample.client(transport)
    let error = try await plystraError { try await client.request(request) }
    #expect(error.kind == .invalidRequest)
    #expect(error.operation == "request")
    #expect(error.attempts == 0)
    #expect(transport.requests.isEmpty)
    return error
  }

  @Test(
    "a path that could lead elsewhere, or be read differently, is refused and not quoted",
    arguments: [
      "", "hidden", "api/hidden", "//hidden.test/x", "///hidden", "https://hidden.test/", "http:/hidden",
      "/a/../hidden", "/..", "/.", "/a/./hidden", "/a/%2e%2e/hidden", "/a/%2E./hidden", "/hidden/..",
      "/hidden?x=1", "/hidden#x", "/hidden test", "/hidden\r\nX-Evil: 1", "/hidden\n", "/hid\0den",
      "/hidden\t", "/hidd\u{E9}n", "/hidden\\x", "\\\\hidden\\x", "/hidden\"", "/hidden%", "/hidden%2",
      "/hidden%g0", "/hidden|x", "/{hidden}", "/<hidden>", "/hidden^", "/`hidden`", "/[hidden]", " /hidden",
      "/hidden\u{7F}", "@hidden", ":80/hidden", ".hidden",
    ])
  func paths(path: String) async throws {
    let error = try await refusal(APIRequest(path: path))
    #expect(error.message.hasPrefix("path: "))
    #expect(!leaks(error, "hid"))
  }

  @Test(
    "a path that is accepted goes out as it is",
    arguments: [
      "/", "/a//b", "/a/", "/a%2F..%2Fb", "/...", "/a.b/..c", "/a;b=1,2@x:y!$&'()*+", "/%F0%9F%98%80",
    ])
  func acceptedPaths(path: String) async throws {
    let transport = ScriptedTransport(.fixture("health"))
    _ = try await Sample.client(transport, baseURL: Sample.baseURL + "/p").request(APIRequest(path: path))
    #expect(transport.requests.map(\.url) == ["https://plystra.test/p" + path])
  }

  @Test("a method that is no token is refused", arguments: ["", "GET /x", "G\r\nX: 1", "GÉT", "GET ", "a:b"])
  func methods(method: String) async throws {
    #expect(try await refusal(APIRequest(method: method, path: "/x")).message.hasPrefix("method: "))
  }

  @Test("names and values of the query are encoded")
  func query() async throws {
    let transport = ScriptedTransport(.fixture("health"))
    _ = try await Sample.client(transport).request(
      APIRequest(
        method: "get", path: "/x", query: [("a b", "c&d=e+f/#?"), ("é", ""), ("", "\r\n"), ("~-._", "%00")]))
    #expect(
      transport.requests.map(\.url) == [
        "https://plystra.test/x?a%20b=c%26d%3De%2Bf%2F%23%3F&%C3%A9=&=%0D%0A&~-._=%2500"
      ])
    #expect(transport.requests.map(\.method) == ["GET"])
  }

  @Test("a number that JSON cannot express is refused, by its path")
  func nonFinite() async throws {
    let error = try await refusal(
      APIRequest(method: "POST", path: "/x", body: ["a": [1, .number(.infinity)]]))
    #expect(error.message.hasPrefix("body.a[1]: "))
  }

  @Test("a body beyond 1 MiB is refused; one of exactly 1 MiB is sent")
  func bodySize() async throws {
    let fits = JSONValue.string(String(repeating: "x", count: (1 << 20) - 2))
    let error = try await refusal(
      APIRequest(method: "POST", path: "/x", body: .string(String(repeating: "x", count: (1 << 20) - 1))))
    #expect(error.message.hasPrefix("body: "))
    #expect(error.message.contains("1048577"))

    let transport = ScriptedTransport(.fixture("health"))
    _ = try await Sample.client(transport).request(APIRequest(method: "POST", path: "/x", body: fits))
    #expect(transport.requests.first?.body?.count == 1 << 20)
  }

  @Test("prints method, path and the length of its body: no value that may be a credential")
  func printing() {
    let request = APIRequest(
      method: "POST", path: "/api/v1/things", query: [("token", "hidden"), ("b", "hidden")],
      body: ["password": "hidden"])
    #expect(request.description == "POST /api/v1/things, query of 2 fields, with a body")
    #expect(request.debugDescription == request.description)
    #expect(!leaks(request, "hidden"))
    #expect(!leaks([request], "hidden"))
    #expect(APIRequest(path: "/x").description == "GET /x")
    #expect(APIRequest(path: "/x", query: [("a", "1")]).description == "GET /x, query of 1 field")
  }

  @Test("the defaults: the server credential, and no replay")
  func defaults() async throws {
    let request = APIRequest(path: "/x")
    #expect(request.method == "GET")
    #expect(request.credential == .server)
    #expect(!request.mayBeReplayed)
    #expect(request.body == nil)
    #expect(request.query.isEmpty)
  }
}
