import Foundation
import PlystraCore
import TestSupport

/// The SDK's codec against Foundation's, on the documents that services and clients exchange.
enum EnvelopeBenchmarks {
  static func decode() throws -> [Contest] {
    [
      try decode(.check, Decision.self, FoundationEnvelope<FoundationDecision>.self),
      try decode(.explain, Decision.self, FoundationEnvelope<FoundationTrace>.self),
      try decode(.rows, [AuditLogEntry].self, FoundationEnvelope<[FoundationRow]>.self),
      try decode(.metadata, Decision.self, FoundationEnvelope<FoundationTrace>.self),
    ]
  }

  private static func decode<Value: WireValue, Rival: Decodable>(
    _ document: BenchmarkDocument, _ type: Value.Type, _ rival: Rival.Type
  ) throws -> Contest {
    let bytes = try document.bytes()
    let data = Data(bytes)
    let decoder = JSONDecoder()
    return Contest(
      title: "decode \(document.rawValue), \(bytes.count) bytes", bytes: bytes.count,
      contenders: [
        try .synchronous("PlystraModels") {
          blackHole(try Envelope<Value>(parsing: bytes).data)
        },
        try .synchronous("PlystraModels, any JSON") { blackHole(try JSONValue(parsing: bytes)) },
        try .synchronous("PlystraModels, validating only") {
          try JSONReader.read(bytes) { try $0.skipValue(refusingRepeatedKeys: false) }
        },
        try .synchronous("Foundation JSONDecoder") { blackHole(try decoder.decode(rival, from: data)) },
        try .synchronous("Foundation JSONSerialization") {
          blackHole(try JSONSerialization.jsonObject(with: data))
        },
      ])
  }

  static func encode() throws -> [Contest] {
    let bytes = try BenchmarkDocument.request.bytes()
    return [
      try encode(
        .request, try AuthorizationRequest(parsing: bytes),
        try JSONDecoder().decode(FoundationRequest.self, from: Data(bytes))),
      try encode(.check, Decision.self, FoundationDecision.self),
      try encode(.explain, Decision.self, FoundationTrace.self),
      try encode(.rows, [AuditLogEntry].self, [FoundationRow].self),
      try encode(.metadata, Decision.self, FoundationTrace.self),
    ]
  }

  /// Writes the data of an answer.
  private static func encode<Value: WireValue, Rival: Codable>(
    _ document: BenchmarkDocument, _ type: Value.Type, _ rival: Rival.Type
  ) throws -> Contest {
    let bytes = try document.bytes()
    guard let value = try Envelope<Value>(parsing: bytes).data else { throw BenchmarkDocument.Unusable() }
    return try encode(
      document, value, try JSONDecoder().decode(FoundationEnvelope<Rival>.self, from: Data(bytes)).data)
  }

  private static func encode(
    _ document: BenchmarkDocument, _ value: some WireValue, _ rival: some Encodable
  ) throws -> Contest {
    let encoder = JSONEncoder()
    let count = try value.serialized().count
    return Contest(
      title: "encode \(document.rawValue), \(count) bytes", bytes: count,
      contenders: [
        try .synchronous("PlystraModels") {
          blackHole(try value.serialized())
        },
        try .synchronous("Foundation JSONEncoder") { blackHole(try encoder.encode(rival)) },
      ])
  }
}

/// Keeps the optimizer from leaving out what is measured.
@inline(never)
func blackHole<Value>(_ value: borrowing Value) {}
