import PlystraCore
import PlystraURLSessionTransport
import TestSupport
import Testing

/// Settings that URLSession cannot honour are refused when the transport is made.
struct URLSessionConfigurationTests {
  private func refusal(
    _ configuration: TransportConfiguration, _ environment: [String: String] = [:]
  ) throws -> PlystraError {
    let error = #expect(throws: PlystraError.self) {
      _ = try URLSessionTransport(configuration: configuration, environment: environment)
    }
    return try #require(error)
  }

  @Test(arguments: [Int.min, -1, 0, 1025, Int.max]) func connectionsOutOfRange(count: Int) throws {
    let error = try refusal(TransportConfiguration(connectionsPerHost: count))
    #expect(error.kind == .configuration)
    #expect(error.message.contains("connectionsPerHost"))
    #expect(error.message.contains("1…1024"))
  }

  @Test(arguments: [1, 32, 1024]) func connectionsWithinRange(count: Int) throws {
    try makeURLSessionTransport(connectionsPerHost: count).shutdown()
  }

  @Test func aTimeToConnect() throws {
    let error = try refusal(TransportConfiguration(connectTimeout: .seconds(3)))
    #expect(error.kind == .configuration)
    #expect(error.message.contains("connectTimeout"))
    #expect(error.message.contains("CurlTransport"))
  }

  #if canImport(FoundationNetworking)
  @Test(arguments: ["http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"])
  func aProxyInTheEnvironment(variable: String) throws {
    let environment = [variable: "http://user:s3cr3t@127.0.0.1:3128"]
    let error = try refusal(TransportConfiguration(), environment)
    #expect(error.kind == .configuration)
    #expect(error.message.contains(variable))
    #expect(error.message.contains("usesEnvironmentProxy"))
    #expect(!"\(error)".contains("s3cr3t"))
    let allowed = TransportConfiguration(usesEnvironmentProxy: true)
    try URLSessionTransport(configuration: allowed, environment: environment).shutdown()
    try URLSessionTransport(configuration: TransportConfiguration(), environment: [variable: ""]).shutdown()
  }

  @Test func loggingOfCredentials() throws {
    let error = try refusal(TransportConfiguration(), ["URLSessionDebugLibcurl": "1"])
    #expect(error.kind == .configuration)
    #expect(error.message.contains("URLSessionDebugLibcurl"))
  }

  @Test func loggingOfTLSKeys() throws {
    let environment = ["SSLKEYLOGFILE": "/nowhere/canary"]
    let error = try refusal(TransportConfiguration(), environment)
    #expect(error.kind == .configuration)
    #expect(error.message.hasPrefix("allowsTLSKeyLog: "))
    let allowed = TransportConfiguration(allowsTLSKeyLog: true)
    try URLSessionTransport(configuration: allowed, environment: environment).shutdown()
  }
  #endif
}
