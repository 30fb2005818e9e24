import Foundation
import PlystraCore
import PlystraCurlTransport
import PlystraURLSessionTransport
import TestSupport
import Testing

/// An explicit proxy: what it is asked, what it learns, and what becomes of its refusal.
@Suite struct ProxyTests {
  private static let proxyLogin = "Basic dXNlcjpjYW5hcnktcGFzc3dvcmQ="  // user:canary-password

  private func transport(_ proxy: RawServer, username: String? = "user") throws -> CurlTransport {
    try CurlTransport(
      configuration: TransportConfiguration(
        proxy: TransportConfiguration.Proxy(
          url: proxy.url, username: username, password: username.map { _ in Secret("canary-password") })))
  }

  @Test("an http request goes to the proxy as a whole, with the proxy's own credentials")
  func forwarded() async throws {
    let proxy = try RawServer.responding(body: Array("hello".utf8))
    defer { proxy.stop() }
    let transport = try transport(proxy)
    defer { transport.shutdown() }
    let response = try await transport.send(
      TransportRequest(method: "GET", url: "http://plystra.test/api/v1/health"))
    #expect(response.body == Array("hello".utf8))
    let request = try #require(proxy.requests.first)
    #expect(request.target == "http://plystra.test/api/v1/health")
    #expect(request.headers["Proxy-Authorization"] == Self.proxyLogin)
  }

  @Test("an https request asks for a tunnel, and its credentials stay out of the proxy's sight")
  func tunnelled() async throws {
    let proxy = try RawServer.script { connection in
      _ = try connection.readRequest()
      try connection.send("HTTP/1.1 200 Connection established\r\n\r\n")
      // Not TLS: the handshake fails, after the proxy has seen all that it is shown in clear text.
      _ = try connection.read(5)
      try connection.send("no TLS here\r\n")
      try connection.holdUntilClosed()
    }
    defer { proxy.stop() }
    let transport = try transport(proxy)
    defer { transport.shutdown() }
    let plystra = try PlystraClient(
      baseURL: "https://plystra.test", apiKey: "canary-key", transport: transport)
    let error = try await failure {
      _ = try await plystra.authz.check(FaultCall.question)
    }
    #expect((error.underlyingError as? TransportError)?.kind == .tls)
    let request = try #require(proxy.requests.first)
    #expect(request.method == "CONNECT" && request.target == "plystra.test:443")
    #expect(request.headers["Proxy-Authorization"] == Self.proxyLogin)
    let seen = proxy.log.connections.map { String(decoding: $0.received, as: UTF8.self) }.joined()
    #expect(!seen.contains("canary-key") && !"\(error)".contains("canary"))
  }

  @Test("a tunnel that the proxy refuses is a failure to connect")
  func refused() async throws {
    let proxy = try RawServer.script { connection in
      _ = try connection.readRequest()
      try connection.send("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
      try connection.holdUntilClosed()
    }
    defer { proxy.stop() }
    let transport = try transport(proxy, username: nil)
    defer { transport.shutdown() }
    do {
      _ = try await transport.send(TransportRequest(method: "GET", url: "https://plystra.test/"))
      Issue.record("the request should have failed")
    } catch let error as TransportError {
      #expect(error.kind == .connect && !error.mayHaveBeenSent)
    }
  }

  #if os(Linux) || os(macOS)
  /// In a process of its own: the environment belongs to all tests.
  @Test("the environment's proxies are asked only if that is wanted")
  func environment() async {
    await #expect(processExitsWith: .success) {
      let proxy = try RawServer.responding(body: Array("by proxy".utf8))
      let server = try RawServer.responding(body: Array("directly".utf8))
      for name in ["http_proxy", "all_proxy", "ALL_PROXY"] { setenv(name, proxy.url, 1) }
      for name in ["no_proxy", "NO_PROXY"] { setenv(name, "", 1) }
      for (wanted, way) in [(false, "directly"), (true, "by proxy")] {
        let transport = try CurlTransport(configuration: TransportConfiguration(usesEnvironmentProxy: wanted))
        let response = try await transport.send(TransportRequest(method: "GET", url: server.url))
        guard response.body == Array(way.utf8) else { exit(wanted ? 2 : 3) }
        transport.shutdown()
      }
      guard proxy.requests.map(\.target) == [server.url + "/"] else { exit(4) }
      proxy.stop()
      server.stop()
    }
  }

  @Test("a transport starts while libcurl would log the keys of TLS connections only if that is allowed")
  func keyLog() async {
    await #expect(processExitsWith: .success) {
      setenv("SSLKEYLOGFILE", "/nowhere/canary", 1)
      let error = #expect(throws: PlystraError.self) { try CurlTransport() }
      let message = try #require(error).message
      #expect(message.hasPrefix("allowsTLSKeyLog: ") && !message.contains("canary"))
      try CurlTransport(configuration: TransportConfiguration(allowsTLSKeyLog: true)).shutdown()
      setenv("SSLKEYLOGFILE", "", 1)
      try CurlTransport().shutdown()
    }
  }
  #endif

  @Test(
    "settings that make no sense are refused by name",
    arguments: [
      (TransportConfiguration(proxy: .init(url: "socks5://canary:1080")), "proxy.url"),
      (TransportConfiguration(proxy: .init(url: "http://user:canary@proxy:3128")), "proxy.url"),
      (TransportConfiguration(proxy: .init(url: "http://proxy")), "proxy.url"),
      (TransportConfiguration(proxy: .init(url: "https://proxy/")), "proxy.url"),
      (TransportConfiguration(proxy: .init(url: "http://[::1]")), "proxy.url"),
      (TransportConfiguration(proxy: .init(url: "http://proxy:")), "proxy.url"),
      (TransportConfiguration(proxy: .init(url: "http://proxy:0")), "proxy.url"),
      (TransportConfiguration(proxy: .init(url: "http://proxy:+80")), "proxy.url"),
      (TransportConfiguration(proxy: .init(url: "http://proxy:65536")), "proxy.url"),
      (TransportConfiguration(proxy: .init(url: "http://:3128")), "proxy.url"),
      (TransportConfiguration(proxy: .init(url: "http://proxy:3128", username: "can:ary")), "proxy.username"),
      (
        TransportConfiguration(proxy: .init(url: "http://proxy:3128", password: Secret("canary"))),
        "proxy.username"
      ),
      (TransportConfiguration(usesEnvironmentProxy: true, proxy: .init(url: "http://proxy:3128")), "proxy"),
      (
        TransportConfiguration(certificateAuthorities: .file("/nowhere/canary.pem")), "certificateAuthorities"
      ),
      (
        TransportConfiguration(
          clientCertificate: .init(certificate: .file("/nowhere/canary"), privateKey: .file("/nowhere"))),
        "clientCertificate.certificate"
      ),
      (TransportConfiguration(httpVersion: .init(rawValue: "canary")), "httpVersion"),
      (TransportConfiguration(maximumConnectionAge: .milliseconds(999)), "maximumConnectionAge"),
      (TransportConfiguration(unixSocketPath: "canary.socket"), "unixSocketPath"),
      (
        TransportConfiguration(unixSocketPath: "/" + String(repeating: "c", count: 103)), "unixSocketPath"
      ),
      (
        TransportConfiguration(proxy: .init(url: "http://proxy:3128"), unixSocketPath: "/canary"),
        "unixSocketPath"
      ),
    ])
  func refusals(_ configuration: TransportConfiguration, _ field: String) throws {
    let error = try #require(throws: PlystraError.self) { try CurlTransport(configuration: configuration) }
    #expect(error.kind == .configuration && error.message.hasPrefix("\(field): "))
    #expect(!"\(error)".contains("canary"))
  }

  @Test(
    "a proxy is named by scheme, host and port",
    arguments: ["http://proxy:3128", "HTTPS://proxy.example:443/", "http://[::1]:8080", "http://10.0.0.1:1"])
  func proxies(_ url: String) throws {
    try CurlTransport(configuration: TransportConfiguration(proxy: .init(url: url))).shutdown()
  }

  @Test(
    "URLSession refuses what it cannot honour, naming the setting and CurlTransport",
    arguments: [
      (TransportConfiguration(proxy: .init(url: "http://proxy:3128")), "proxy"),
      (TransportConfiguration(certificateAuthorities: .file("ca.pem")), "certificateAuthorities"),
      (
        TransportConfiguration(
          clientCertificate: .init(certificate: .file("c.pem"), privateKey: .file("k.pem"))),
        "clientCertificate"
      ),
      (TransportConfiguration(httpVersion: .http1), "httpVersion"),
      (TransportConfiguration(connectTimeout: .seconds(1)), "connectTimeout"),
      (TransportConfiguration(unixSocketPath: "/s"), "unixSocketPath"),
    ])
  func urlSessionRefusals(_ configuration: TransportConfiguration, _ field: String) throws {
    let error = try #require(throws: PlystraError.self) {
      try URLSessionTransport(configuration: configuration)
    }
    #expect(error.kind == .configuration && error.message.hasPrefix("\(field): "))
    #expect(error.message.contains("CurlTransport"))
  }
}
