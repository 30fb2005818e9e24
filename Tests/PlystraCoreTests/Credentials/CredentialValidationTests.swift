import PlystraCore
import TestSupport
import Testing

@Suite("Credentials that no header can carry are refused (row 45)")
struct CredentialValidationTests {
  static let malformed = [
    "", "hidden\n", "hidden\r\nX-Other: 1", "hid\0den", "hid den", " hidden", "hidden\t", "hiddén",
    "hidden\u{7F}", "hidden\u{2028}", "\u{FEFF}hidden",
  ]

  private func check(_ error: PlystraError, names field: String) {
    #expect(error.kind == .credentials)
    #expect(error.message.hasPrefix("\(field): "))
    #expect(!leaks(error, "hid"))
  }

  @Test("at init", arguments: malformed)
  func atInit(value: String) throws {
    let transport = ScriptedTransport()
    check(
      try plystraError { try PlystraClient(baseURL: Sample.baseURL, apiKey: value, transport: transport) },
      names: "apiKey")
    check(
      try plystraError {
        try PlystraClient(baseURL: Sample.baseURL, accessToken: value, transport: transport)
      }, names: "accessToken")
    check(
      try plystraError {
        try PlystraClient(baseURL: Sample.baseURL, apiKey: "key", accessToken: value, transport: transport)
      }, names: "accessToken")
  }

  @Test("at the setters, which then keep what there was", arguments: malformed)
  func atSetters(value: String) async throws {
    let transport = ScriptedTransport(thenAlways: .fixture("actor-context"))
    let client = try PlystraClient(baseURL: Sample.baseURL, apiKey: "key-1", transport: transport)
    check(try plystraError { try client.setAPIKey(value) }, names: "apiKey")
    check(try plystraError { try client.setAccessToken(value) }, names: "accessToken")
    check(try plystraError { try client.setAPIKey(Secret(value)) }, names: "apiKey")
    check(try plystraError { try client.setAccessToken(Secret(value)) }, names: "accessToken")
    _ = try await client.actor.context()
    #expect(transport.requests.map { $0.headers["X-Plystra-API-Key"] } == ["key-1"])
    #expect(transport.requests.map { $0.headers["Authorization"] } == [nil])
  }

  @Test("every printable ASCII character is accepted and arrives unchanged")
  func printable() async throws {
    let value = String(decoding: (0x21...0x7E).map(UInt8.init), as: UTF8.self)
    let transport = ScriptedTransport(thenAlways: .fixture("actor-context"))
    let client = try PlystraClient(
      baseURL: Sample.baseURL, apiKey: value, accessToken: value, transport: transport)
    _ = try await client.actor.context()
    _ = try await client.request(APIRequest(path: "/x"))
    #expect(transport.requests.map { $0.headers["Authorization"] } == ["Bearer \(value)", nil])
    #expect(transport.requests.map { $0.headers["X-Plystra-API-Key"] } == [nil, value])
  }
}
