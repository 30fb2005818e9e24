import PlystraCore
import TestSupport

/// The documents that are read and written.
enum BenchmarkDocument: String, CaseIterable {
  case check, explain
  case rows = "200 audit rows"
  case metadata = "explain with much metadata"
  case request

  /// A sample body is not what it is taken for.
  struct Unusable: Error {}

  func bytes() throws -> [UInt8] {
    switch self {
    case .check: try Fixtures.body("authz-check.allow")
    case .explain: try Fixtures.body("authz-explain.allow")
    case .rows: try Fixtures.body("audit-list.200")
    case .metadata: try Self.explainWithMetadata()
    case .request: try Fixtures.body("authz-request")
    }
  }

  /// The explained sample, whose resource has as many notes as an application may send along: 24 line items of seven
  /// members each, and a table of 40 labels.
  private static func explainWithMetadata() throws -> [UInt8] {
    let body = try JSONValue(parsing: Fixtures.body("authz-explain.allow"))
    let metadata = JSONValue.object([
      "amount": 1250.75, "currency": "USD", "approved": nil, "items": .array((0..<24).map(item)),
      "labels": .object(JSONObject((0..<40).map { ("label_\($0)", .string("value of label \($0)")) })),
    ])
    return try body.replacing(["data", "target", "resource", "metadata"], with: metadata).serialized()
  }

  private static func item(_ index: Int) -> JSONValue {
    [
      "position": .integer(Int64(index)), "sku": .string("SKU-\(10_000 + index)"),
      "description": .string("Überweisung \"Nr. \(index)\" für 財務"), "quantity": .integer(Int64(index % 7)),
      "price": .number(19.99 + Double(index)), "taxable": .bool(index % 2 == 0), "tags": ["q3", "net-30"],
    ]
  }

  /// All of them as one JSON text, for other programs to be measured with.
  static func all() throws -> JSONValue {
    .object(
      JSONObject(try allCases.map { ($0.rawValue, .string(String(decoding: try $0.bytes(), as: UTF8.self))) })
    )
  }
}

extension JSONValue {
  /// The value with what stands at a path of keys replaced.
  fileprivate func replacing(_ path: ArraySlice<String>, with value: JSONValue) throws -> JSONValue {
    guard let key = path.first else { return value }
    guard case .object(var object) = self, let member = object[key] else {
      throw BenchmarkDocument.Unusable()
    }
    object[key] = try member.replacing(path.dropFirst(), with: value)
    return .object(object)
  }
}
