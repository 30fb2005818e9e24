import PlystraCore
import PlystraURLSessionTransport
import TestSupport
import Testing

@Suite("URLSessionTransport: what is never sent", .timeLimit(.minutes(minutesOfAHang)))
struct URLSessionRefusalTests {
  @Test(arguments: ["a\r\nX-Injected: 1", "a\nb", "a\rb", "a\0b", "\r\n", "\u{1}", "\u{7F}"])
  func aHeaderValueWithALineEnd(value: String) async throws {
    let server = try RawServer.responding()
    defer { server.stop() }
    let error = try await failure(
      of: server.request(headers: ["X-Secret": "s3cr3t" + value]), on: makeURLSessionTransport())
    #expect(error.kind == .other)
    #expect(error.message.contains("X-Secret"))
    #expect(!"\(error)".contains("s3cr3t"))
    #expect(!error.mayHaveBeenSent)
    #expect(server.requests.isEmpty)
  }

  @Test(arguments: ["", "A B", "X:", "Ü", "X\r\nY"]) func aHeaderNameThatIsNoToken(name: String) async throws
  {
    let server = try RawServer.responding()
    defer { server.stop() }
    let error = try await failure(of: server.request(headers: [name: "v"]), on: makeURLSessionTransport())
    #expect(error.kind == .other)
    #expect(!error.mayHaveBeenSent)
    #expect(server.requests.isEmpty)
  }

  @Test(
    "Fields that URLSession writes itself are refused",
    arguments: ["Host", "host", "Content-Length", "content-length", "Transfer-Encoding"])
  func ownField(name: String) async throws {
    let server = try RawServer.responding()
    defer { server.stop() }
    let error = try await failure(
      of: server.request("POST", headers: [name: "1"], body: [1]), on: makeURLSessionTransport())
    #expect(error.kind == .other)
    #expect(error.message.contains(name))
    #expect(!error.mayHaveBeenSent)
    #expect(server.requests.isEmpty)
  }

  @Test(arguments: [
    "", "/path", "ftp://127.0.0.1/", "http:///path", "http://127.0.0.1/a b", "http://127.0.0.1/é",
    "http://user:s3cr3t@127.0.0.1/", "http://127.0.0.1:99999999/", "http://[::1]:9/",
  ])
  func aURLThatCannotBeSentAsItIs(url: String) async throws {
    let error = try await failure(
      of: TransportRequest(method: "GET", url: url), on: makeURLSessionTransport())
    #expect(error.kind == .other)
    #expect(!error.mayHaveBeenSent)
    #expect(!"\(error)".contains("s3cr3t"))
  }

  @Test func methodsAndBodiesThatURLSessionCannotSend() async throws {
    let server = try RawServer.responding()
    defer { server.stop() }
    let transport = try makeURLSessionTransport()
    for request in [
      server.request("GET / HTTP/1.1\r\nX:"), server.request(""), server.request("GET", body: [1]),
      server.request("HEAD", body: [1]),
    ] {
      let error = try await failure(of: request, on: transport)
      #expect(error.kind == .other)
      #expect(!error.mayHaveBeenSent)
    }
    #expect(server.requests.isEmpty)
  }
}
