import Foundation
import PlystraCore
import TestSupport

/// The SDK's codec against Foundation's, on the documents that services and clients exchange.
enum EnvelopeBenchmarks {
  static func decode() throws -> [Contest] {
    [
      try decode("check", "authz-check.allow", Decision.self, FoundationEnvelope<FoundationDecision>.self),
      try decode("explain", "authz-explain.allow", Decision.self, FoundationEnvelope<FoundationTrace>.self),
      try decode(
        "200 audit rows", "audit-list.200", [AuditLogEntry].self, FoundationEnvelope<[FoundationRow]>.self),
    ]
  }

  private static func decode<Value: WireValue, Rival: Decodable>(
    _ name: String, _ fixture: String, _ type: Value.Type, _ rival: Rival.Type
  ) throws -> Contest {
    let bytes = try Fixtures.body(fixture)
    let data = Data(bytes)
    let decoder = JSONDecoder()
    return Contest(
      title: "decode \(name), \(bytes.count) bytes",
      contenders: [
        .init(name: "PlystraModels") { blackHole(try Envelope<Value>(parsing: bytes)) },
        .init(name: "PlystraModels, any JSON") { blackHole(try JSONValue(parsing: bytes)) },
        .init(name: "Foundation JSONDecoder") { blackHole(try decoder.decode(rival, from: data)) },
        .init(name: "Foundation JSONSerialization") {
          blackHole(try JSONSerialization.jsonObject(with: data))
        },
      ])
  }

  static func encode() throws -> [Contest] {
    let bytes = try Fixtures.body("authz-request")
    let request = try AuthorizationRequest(parsing: bytes)
    let rival = try JSONDecoder().decode(FoundationRequest.self, from: Data(bytes))
    let encoder = JSONEncoder()
    return [
      Contest(
        title: "encode a request, \(bytes.count) bytes",
        contenders: [
          .init(name: "PlystraModels") { blackHole(try request.serialized()) },
          .init(name: "Foundation JSONEncoder") { blackHole(try encoder.encode(rival)) },
        ])
    ]
  }
}

/// Keeps the optimizer from leaving out what is measured.
@inline(never)
func blackHole<Value>(_ value: Value) {}
