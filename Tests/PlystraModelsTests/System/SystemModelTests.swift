import Foundation
import PlystraCore
import PlystraModels
import TestSupport
import Testing

@Suite("What the service says of itself")
struct SystemModelTests {
  @Test(
    "a version stands under either of two names",
    arguments: [
      #"{"core_version":"1","version":"2"}"#, #"{"version":"2","core_version":"1"}"#,
      #"{"core_version":"1"}"#,
      #"{"version":"1"}"#, #"{"version":"1","core_version":null}"#, #"{"core_version":null,"version":"1"}"#,
      #"{"version":"1","core_version":""}"#, #"{"core_version":"1","version":null}"#,
      #"{"version":"1","x":0,"api_version":"v1","core_version":null}"#,
    ])
  func version(text: String) throws {
    #expect(try ServerVersion(parsing: text.utf8).version == "1")
  }

  @Test("a capability's name is its manifest's where it has none itself")
  func capabilityName() throws {
    func name(_ text: String) throws -> String? { try Capability(parsing: text.utf8).name }
    #expect(try name(#"{"name":"n","manifest":{"id":"i","name":"m"}}"#) == "n")
    #expect(try name(#"{"manifest":{"id":"i","name":"m"}}"#) == "m")
    #expect(try name(#"{"manifest":{"id":"i","name":"m"},"name":null}"#) == "m")
    #expect(try name(#"{"manifest":{"id":"i","name":"m"},"name":"n"}"#) == "n")
    #expect(try name(#"{"manifest":{"id":"i"}}"#) == "i")
    #expect(try name("{}") == nil)
    #expect(failure { _ = try name(#"{"manifest":{"name":"m"}}"#) }?.reason == "'id' is missing")
  }

  @Test("what capabilities list may be null, empty or of any form")
  func capabilityLists() throws {
    let text = #"""
      {"manifest":{"id":"i","requires":{"capabilities":["a","b"]},"provides":{"services":null,
      "routes":[{"path":"/x","methods":["GET"]},"y"],"events":{"publishes":[1],"subscribes":[]}}},"services":null}
      """#
    let capability = try Capability(parsing: text.utf8)
    #expect(capability.manifest?.requires?.capabilities == ["a", "b"])
    #expect(capability.manifest?.provides?.routes == [["path": "/x", "methods": ["GET"]], "y"])
    #expect(capability.manifest?.provides?.events?.publishes == [1])
    #expect(capability.manifest?.isPrivileged == false && capability.services.isEmpty)
  }

  @Test("they are stored and read again")
  func codable() throws {
    func expectRoundTrip<Value: Codable & Equatable>(_ value: Value) throws {
      #expect(try JSONDecoder().decode(Value.self, from: JSONEncoder().encode(value)) == value)
    }
    try expectRoundTrip(Health(status: "ok"))
    try expectRoundTrip(
      Readiness(
        status: "ready", schemaVersion: "1", systemCapabilities: ["a.b": "ready"], plugins: ["enabled": 0]))
    try expectRoundTrip(
      ServerVersion(version: "1", apiVersion: "v1", buildTime: Date(timeIntervalSince1970: 0.5)))
    for name in ["capabilities", "capabilities.names"] {
      try expectRoundTrip(try #require(try Envelope<[Capability]>(parsing: Fixtures.body(name)).data))
    }
    try expectRoundTrip(
      try #require(try Envelope<[ResourceType]>(parsing: Fixtures.body("resource-types")).data))
    #expect(throws: DecodingError.self) { try JSONDecoder().decode(Health.self, from: Data("{}".utf8)) }
    #expect(throws: DecodingError.self) { try JSONDecoder().decode(Health.self, from: Data("[]".utf8)) }
  }
}
