import PlystraCore
import PlystraModels
import Testing

/// What a trace says of a resource's metadata, which is checked at once and read when asked for.
@Suite("Metadata of a trace")
struct TraceMetadataTests {
  private func resource(_ metadata: String) throws -> DecisionTrace.Resource {
    try DecisionTrace.Resource(parsing: Array(#"{"id":"r","metadata":\#(metadata),"status":"x"}"#.utf8))
  }

  @Test(
    "is what it would be if it had been read at once",
    arguments: [
      #"{"b":1,"a":[true,null,{"c":"\u0064"}]}"#, #"{ "b" : -0 , "ü" : "財務" }"#, #"{"a":1,"b":2,"a":3}"#,
      #"{"n":9007199254740993,"x":1.5e3}"#,
    ])
  func isWhatItIs(_ text: String) throws {
    let read = try resource(text)
    let expected = try #require(try JSONValue(parsing: Array(text.utf8)).objectValue)
    #expect(read.metadata == expected)
    #expect(read.metadata?.keys == expected.keys)
    #expect(read.status == "x")
  }

  @Test("is nil if there is nothing in it", arguments: ["null", "{}", " { } "])
  func isNilWhenBlank(_ text: String) throws {
    #expect(try resource(text).metadata == nil)
  }

  @Test(
    "is refused at once if it is wrong",
    arguments: [
      (#"{"a":[1,tru]}"#, "metadata.a[1]"), (#"{"a":1e999}"#, "metadata.a"),
      (#"{"a":"\ud800"}"#, "metadata.a"),
      ("[]", "metadata"), (#""text""#, "metadata"), (#"{"a":1,}"#, "metadata"),
      (String(repeating: #"{"a":"#, count: 200), "metadata"),
    ])
  func isRefused(_ text: String, _ path: String) throws {
    let error = #expect(throws: JSONError.self) { try resource(text) }
    #expect(error?.path.hasPrefix(path) == true)
  }

  @Test("compares and hashes by what it says, however it came about")
  func comparesByContent() throws {
    let read = try resource(#"{"a":1,"b":"x"}"#)
    var made = try resource("null")
    #expect(read != made)
    made.metadata = ["b": "x", "a": 1]
    #expect(read == made)
    #expect(read.hashValue == made.hashValue)
    #expect(try made.serialized().count == read.serialized().count)
    made.metadata?["a"] = 2
    #expect(read != made)
    made.metadata = [:]
    #expect(made.metadata == [:])
  }
}
