import PlystraCore
import Testing

@Suite("Requests and responses")
struct HTTPMessageTests {
  @Test("a request prints method, URL and the length of its body")
  func request() {
    let request = TransportRequest(
      method: "POST", url: "https://h/x", headers: ["Authorization": "Bearer hidden", "X-Tenant": "shown"],
      body: Array("hidden".utf8))
    #expect(request.description == "POST https://h/x, body of 6 bytes")
    #expect(request.debugDescription == request.description)
    #expect(!leaks(request, "hidden"))
    #expect(!leaks(request, "104"))  // The first byte of the body.
    #expect(leaks(request, "shown"))
    #expect(TransportRequest(method: "GET", url: "https://h").description == "GET https://h")
    #expect(!leaks([request], "hidden"))
    #expect(!leaks(["x": request], "hidden"))
  }

  @Test("a response prints its status and the length of its body")
  func response() {
    let response = TransportResponse(
      status: 200, headers: ["Set-Cookie": "hidden", "X-Request-ID": "shown"], body: Array("hidden".utf8))
    #expect(response.description == "HTTP 200, body of 6 bytes")
    #expect(response.debugDescription == response.description)
    #expect(!leaks(response, "hidden"))
    #expect(!leaks(response, "104"))
    #expect(leaks(response, "shown"))
    #expect(TransportResponse(status: 204).description == "HTTP 204, body of 0 bytes")
  }

  @Test("the defaults of a request")
  func defaults() {
    let request = TransportRequest(method: "GET", url: "https://h")
    #expect(request.timeout == .seconds(30))
    #expect(request.maximumResponseBytes == 4 << 20)
    #expect(!request.mayBeResent)
    #expect(request.body == nil)
    #expect(request.headers.isEmpty)
  }

  @Test("an error of a transport is printed without what lies beneath it")
  func transportError() {
    let beneath = TransportError(kind: .other, message: "beneath", mayHaveBeenSent: false)
    let error = TransportError(
      kind: .reset, message: "reset", mayHaveBeenSent: true, underlyingError: beneath)
    #expect(error.description == "reset: reset")
  }
}
