import Foundation
import PlystraCore
import PlystraModels
import Testing

@Suite("A value nested by hand, however deeply, does no harm")
struct JSONDepthTests {
  private static let depths = [128, 129, 5_000]

  private func arrays(_ depth: Int) -> JSONValue { (1..<depth).reduce([]) { value, _ in [value] } }
  private func objects(_ depth: Int) -> JSONValue {
    (1..<depth).reduce([:]) { value, _ in ["a": true, "b": value, "c": [1]] }
  }

  @Test("it prints as it is", arguments: depths)
  func printing(depth: Int) {
    let brackets = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    #expect(arrays(depth).serialized().text == brackets)
    let text = objects(depth).serialized().text
    #expect(text.hasPrefix("{\"a\":true,\"b\":{\"a\":true,\"b\":"))
    #expect(text.hasSuffix("},\"c\":[1]},\"c\":[1]}"))
    #expect(text.utf8.count == (depth - 1) * (#"{"a":true,"b":,"c":[1]}"#.utf8.count) + 2)
  }

  @Test("what is sent may be as deep as a text that is read, which counts what is around it, and no deeper")
  func sending() throws {
    func request(_ depth: Int) throws -> [UInt8] {
      let metadata: JSONObject = ["a": 1, "deep": arrays(depth)]
      return try AuthorizationRequest(resource: ResourceContext(metadata: metadata), action: "a").serialized()
    }
    // Beneath request, resource and metadata.
    #expect(try AuthorizationRequest(parsing: request(125)).serialized() == request(125))
    for depth in [126, 5_000] {
      let error = try #require(failure { _ = try request(depth) })
      #expect(error.reason == "nesting is deeper than 128")
      #expect(error.path.hasPrefix("resource.metadata.deep[0]"))
    }
  }

  @Test("a model that holds it is not stored either")
  func storing() throws {
    let resource = ResourceContext(metadata: ["deep": objects(200)])
    #expect(throws: EncodingError.self) { try JSONEncoder().encode(resource) }
    #expect(throws: EncodingError.self) { try JSONEncoder().encode(objects(5_000)) }
    #expect(throws: EncodingError.self) { try JSONEncoder().encode(arrays(5_000)) }
    let shallow = objects(60)
    #expect(try JSONDecoder().decode(JSONValue.self, from: JSONEncoder().encode(shallow)) == shallow)
  }
}
