import PlystraCore
import PlystraCurlTransport
import TestSupport
import Testing

@Suite("CurlTransport: what goes on the wire", .timeLimit(.minutes(minutesOfAHang)))
struct CurlRequestTests {
  /// The requests as they arrived, sent one after another by one transport, and so with one easy handle.
  private func received(_ requests: (String) -> [TransportRequest]) async throws -> [RawRequest] {
    let server = try RawServer.answering { request, _ in
      TransportResponse(status: 200, headers: ["Content-Length": request.method == "HEAD" ? "99" : "0"])
    }
    defer { server.stop() }
    let transport = try CurlTransport()
    defer { transport.shutdown() }
    for request in requests(server.url) { _ = try await transport.send(request) }
    return server.requests
  }

  private func onlyReceived(_ request: (String) -> TransportRequest) async throws -> RawRequest {
    try #require(try await received { [request($0)] }.first)
  }

  @Test("Methods follow each other on one handle without leaving a trace")
  func methods() async throws {
    let body = Array("body".utf8)
    let requests = try await received { url in
      [
        curlRequest("POST", url, body: body), curlRequest("GET", url), curlRequest("HEAD", url),
        curlRequest("PUT", url, body: body), curlRequest("DELETE", url), curlRequest("HEAD", url),
        curlRequest("PATCH", url, body: body), curlRequest("DELETE", url, body: body),
        curlRequest("GET", url, body: body), curlRequest("OPTIONS", url), curlRequest("HEAD", url),
        curlRequest("POST", url, body: body), curlRequest("get", url),
      ]
    }
    #expect(
      requests.map { "\($0.method) \($0.text)" } == [
        "POST body", "GET ", "HEAD ", "PUT body", "DELETE ", "HEAD ", "PATCH body", "DELETE body",
        "GET body", "OPTIONS ", "HEAD ", "POST body", "get ",
      ])
    for request in requests {
      let length = request.body.isEmpty ? nil : "\(request.body.count)"
      #expect(request.headers["Content-Length"] == length, "\(request.method)")
      #expect(request.connection == 0)
    }
  }

  @Test("A method that gives a body a meaning announces even none", arguments: ["POST", "PUT", "PATCH"])
  func emptyBodies(method: String) async throws {
    let requests = try await received { [curlRequest(method, $0), curlRequest(method, $0, body: [])] }
    #expect(requests.map { $0.headers["Content-Length"] } == ["0", "0"])
  }

  @Test("Nothing is added but Host, Accept-Encoding and the framing")
  func addedFields() async throws {
    let get = try await onlyReceived { curlRequest("GET", $0) }
    #expect(Set(get.headers.map(\.name)) == ["Host", "Accept-Encoding"])
    let post = try await onlyReceived { curlRequest("POST", $0, body: [UInt8](repeating: 1, count: 3 << 20)) }
    #expect(Set(post.headers.map(\.name)) == ["Host", "Accept-Encoding", "Content-Length"])
    #expect(post.body.count == 3 << 20)
  }

  @Test("Given fields arrive as they are, in order")
  func givenFields() async throws {
    let given: TransportHeaders = [
      "User-Agent": "plystra-test/1", "accept": "application/json", "X-Empty": "", "X-Blank": " \t",
      "X-Twice": "1", "X-Twice": "2", "content-type": "text/x", "X-Text": "a;b: c, \"d\"\té",
      "Expect": "nothing-special", "Accept-Encoding": "identity",
    ]
    let request = try await onlyReceived { curlRequest("POST", $0, headers: given, body: [1]) }
    let arrived = request.headers.filter { field in given.contains { $0.name == field.name } }
    #expect(arrived.map(\.name) == given.map(\.name))
    #expect(
      arrived.map(\.value) == given.map { $0.name == "X-Blank" ? "" : $0.value })
    #expect(request.headers.count == given.count + 2)
  }

  @Test("Fields of one request do not show up in the next")
  func fieldsDoNotStay() async throws {
    let many = TransportHeaders((0..<200).map { (name: "X-\($0)", value: String(repeating: "v", count: $0)) })
    let requests = try await received { url in
      [curlRequest("GET", url, headers: many), curlRequest("GET", url, headers: ["X-One": "1"])]
    }
    #expect(requests[0].headers.count == 202)
    #expect(requests[1].headers.map(\.name).sorted() == ["Accept-Encoding", "Host", "X-One"])
  }

  @Test("The path and the query go out as they are")
  func target() async throws {
    let request = try await onlyReceived {
      curlRequest("GET", $0 + "/a/../b//%2F/%C3%A9?x=1&y=%20;z#fragment")
    }
    #expect(request.target == "/a/../b//%2F/%C3%A9?x=1&y=%20;z")
  }

  @Test("Cookies and redirects are the caller's business")
  func noCookies() async throws {
    let other = try RawServer.responding()
    defer { other.stop() }
    let server = try RawServer.responding(
      status: 307, headers: ["Location": other.url, "Set-Cookie": "a=b", "Set-Cookie": "c=d"])
    defer { server.stop() }
    let transport = try CurlTransport()
    defer { transport.shutdown() }
    for _ in 0..<2 {
      let response = try await transport.send(curlRequest("GET", server.url))
      #expect(response.status == 307)
      #expect(response.headers.values(of: "set-cookie") == ["a=b", "c=d"])
    }
    #expect(server.requests.allSatisfy { $0.headers["Cookie"] == nil })
    #expect(other.connectionCount == 0)
  }

  @Test(
    "A request that would be misread is refused, unsent and unquoted",
    arguments: [
      (method: "GET", path: "/", name: "X-Key", value: "s3cret\r\nX-Evil: 1"),
      (method: "GET", path: "/", name: "X-Key", value: "s3cret\n"),
      (method: "GET", path: "/", name: "X-Key", value: "s3cret\r"),
      (method: "GET", path: "/", name: "X-Key", value: "s3cret\0"),
      (method: "GET", path: "/", name: "X-Key", value: "s3cret\u{7F}"),
      (method: "GET", path: "/", name: "", value: "s3cret"),
      (method: "GET", path: "/", name: "X s3cret", value: "v"),
      (method: "GET", path: "/", name: "X-s3cret:", value: "v"),
      (method: "GET", path: "/", name: "X-s3cret\r\n", value: "v"),
      (method: "GET", path: "/", name: "hOST", value: "s3cret"),
      (method: "GET", path: "/", name: "Content-length", value: "3"),
      (method: "GET", path: "/", name: "Transfer-Encoding", value: "chunked"),
      (method: "GET s3cret", path: "/", name: "X", value: "v"),
      (method: "", path: "/", name: "X", value: "v"),
      (method: "GET", path: "/s3cret x", name: "X", value: "v"),
      (method: "GET", path: "/s3cret\r\nX: 1", name: "X", value: "v"),
      (method: "GET", path: "/s3cré", name: "X", value: "v"),
    ])
  func refused(method: String, path: String, name: String, value: String) async throws {
    let server = try RawServer.responding()
    defer { server.stop() }
    let transport = try CurlTransport()
    defer { transport.shutdown() }
    let request = curlRequest(method, server.url + path, headers: [name: value])
    let error = try await curlFailure(of: request, by: transport)
    #expect(error.kind == .other)
    #expect(!error.mayHaveBeenSent)
    #expect(!"\(error)".contains("s3c"))
    #expect(server.connectionCount == 0)
    #expect(try await transport.send(curlRequest("GET", server.url)).status == 200)
  }

  @Test(
    "A URL that is not for this transport is refused, unquoted",
    arguments: [
      "", "s3cret", "ftp://127.0.0.1/s3cret", "http:/127.0.0.1/s3cret", "http:///s3cret",
      "https://user:s3cret@127.0.0.1/", "http://s3cret@127.0.0.1/", "file:///s3cret",
      "http://127.0.0.1:s3cret/",
      "http://127.0.0.1:99999/s3cret", "HTTPS://?s3cret",
    ])
  func refusedURL(url: String) async throws {
    let transport = try CurlTransport()
    defer { transport.shutdown() }
    let error = try await curlFailure(of: curlRequest("GET", url), by: transport)
    #expect(error.kind == .other)
    #expect(!error.mayHaveBeenSent)
    #expect(!"\(error)".contains("s3cret"))
  }

  @Test("A HEAD request with a body is refused")
  func headWithBody() async throws {
    let transport = try CurlTransport()
    defer { transport.shutdown() }
    let error = try await curlFailure(
      of: curlRequest("HEAD", "http://127.0.0.1:1/", body: [1]), by: transport)
    #expect(error.kind == .other && !error.mayHaveBeenSent)
  }

  @Test("Scheme and host may be written in any case")
  func upperCaseURL() async throws {
    let request = try await onlyReceived { curlRequest("GET", "HTTP" + $0.dropFirst(4) + "/Path") }
    #expect(request.target == "/Path")
  }
}
