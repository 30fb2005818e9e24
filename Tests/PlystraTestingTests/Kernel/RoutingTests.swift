import PlystraCore
import PlystraTesting
import Testing

/// What every answer has in common, and what answers a request that no route takes.
@Suite struct RoutingTests {
  static let routes = [
    ("GET", "health"), ("GET", "ready"), ("GET", "version"), ("GET", "capabilities"),
    ("POST", "auth/register"), ("POST", "auth/login"), ("POST", "auth/refresh"), ("POST", "auth/logout"),
    ("GET", "actor/context"), ("POST", "actor/switch-member"), ("GET", "resource-types"),
    ("POST", "authz/check"), ("POST", "authz/explain"), ("GET", "audit/logs"), ("GET", "audit/logs/audit_1"),
  ]

  @Test(arguments: [
    "/", "", "/api", "/api/v1", "/api/v1/", "/api/v2/health", "/health", "/api/v1/health/",
    "/api/v1/audit/logs/", "/api/v1/audit/logs/a/b", "/api/v1/audit/logs//", "/api/v1//health",
    "//api/v1/health", "/API/v1/health", "/api/v1/authz", "/api/v1/Health", "/api/v1/auth/login/x",
  ])
  func unknownPathsAnswerPlainText(path: String) throws {
    let request = TransportRequest(method: "GET", url: path, headers: ["X-Request-ID": "req_x"])
    let response = try KernelDriver().kernel.respond(to: request, remoteAddress: "192.0.2.7")
    #expect(response.status == 404)
    #expect(String(decoding: response.body, as: UTF8.self) == "404 page not found\n")
    #expect(response.headers["Content-Type"]?.hasPrefix("text/plain") == true)
    #expect(response.headers["Cache-Control"] == "no-store")
    #expect(response.headers["X-Request-ID"] == "req_x")
  }

  @Test(arguments: routes)
  func wrongMethodsAreRefusedBeforeAnythingElse(method: String, path: String) throws {
    let driver = try KernelDriver()
    for other in ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "get"] where other != method {
      let answer = driver.send(other, path, body: Array("{".utf8))
      #expect(answer.status == 405)
      #expect(answer.code == "METHOD_NOT_ALLOWED")
      #expect(answer.headers["Allow"] == method)
      #expect(answer.headers["X-Plystra-Error-Code"] == "METHOD_NOT_ALLOWED")
    }
    let head = driver.send("HEAD", path)
    #expect(head.status == 405)
    #expect(head.body.isEmpty)
    #expect(head.headers["Allow"] == method)
  }

  @Test(arguments: routes)
  func everyAnswerHasTheCommonHeaders(method: String, path: String) throws {
    let driver = try KernelDriver()
    for headers in [[:], KernelDriver.apiKey] {
      let headers = headers.merging(["X-Request-ID": "req_common"]) { $1 }
      let answer = driver.send(method, path, body: method == "POST" ? [] : nil, headers: headers)
      #expect(answer.headers["Content-Type"] == "application/json")
      #expect(answer.headers["Cache-Control"] == "no-store")
      #expect(answer.headers["X-Request-ID"] == "req_common")
      #expect(answer.json["request_id"] == "req_common")
      #expect(answer.headers["X-Plystra-Error-Code"] == answer.code)
      if answer.status >= 400 {
        #expect(answer.error.objectValue?.keys == ["code", "message", "details", "request_id"])
        #expect(answer.error["request_id"] == "req_common")
      }
    }
  }

  @Test(arguments: ["a", "req_01HY-_.~!#$%&()*+,/:;<=>?@[]^`{|}", String(repeating: "r", count: 128)])
  func acceptedRequestIDsAreKept(id: String) throws {
    #expect(try KernelDriver().get("health", ["X-Request-ID": id]).json["request_id"] == .string(id))
  }

  @Test(arguments: [
    nil, "", "a b", "a\"b", "a'b", "a\\b", "a\tb", "a\u{7F}", "é", String(repeating: "r", count: 129),
  ])
  func otherRequestIDsAreReplaced(id: String?) throws {
    let driver = try KernelDriver()
    let headers = id.map { ["X-Request-ID": $0] } ?? [:]
    let first = driver.get("health", headers)
    let own = try #require(first.json["request_id"]?.stringValue)
    #expect(first.status == 200)
    #expect(own != id)
    #expect(own.hasPrefix("req_") && own.count == 20)
    #expect(first.headers["X-Request-ID"] == own)
    #expect(driver.get("health", headers).json["request_id"] != .string(own))
  }

  @Test func aTargetIsFoundInAbsoluteURLsToo() throws {
    let kernel = try KernelDriver().kernel
    for url in [
      "http://kernel.test/api/v1/health", "https://[::1]:8443/api/v1/health?a=b#c", "/api/v1/health?x",
      "/api/v1/%68ealth#fragment",
    ] {
      let response = kernel.respond(to: TransportRequest(method: "GET", url: url), remoteAddress: "::1")
      #expect(response.status == 200, "\(url)")
    }
    for url in ["http://kernel.test", "http://kernel.test?x=/api/v1/health"] {
      let response = kernel.respond(to: TransportRequest(method: "GET", url: url), remoteAddress: "::1")
      #expect(response.status == 404, "\(url)")
    }
  }

  @Test(arguments: ["audit/logs/%", "audit/logs/%4", "audit/logs/%zz", "%%/health"])
  func malformedEscapesAreRefused(path: String) throws {
    let answer = try KernelDriver().get(path, KernelDriver.apiKey)
    #expect(answer.status == 400)
    #expect(answer.code == "VALIDATION_FAILED")
  }

  @Test func readinessIsSwitchable() throws {
    let driver = try KernelDriver()
    driver.kernel.isReady = false
    let starting = driver.get("ready")
    #expect(starting.status == 503)
    #expect(starting.code == "NOT_READY")
    #expect(driver.get("health").status == 200)
    driver.kernel.isReady = true
    #expect(driver.get("ready").status == 200)
  }
}
