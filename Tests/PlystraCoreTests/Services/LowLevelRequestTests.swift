import Foundation
import PlystraCore
import TestSupport
import Testing

@Suite("Answers to low-level requests")
struct LowLevelRequestTests {
  private struct Item: Decodable, Sendable, Equatable {
    enum Color: String, Decodable { case red, green }
    var name: String
    var color: Color?
  }

  @Test("the whole envelope comes back")
  func envelope() async throws {
    let transport = ScriptedTransport(
      .answer(
        201,
        #"{"data":[{"name":"a"}],"pagination":{"limit":1,"cursor":"c1","has_more":true},"request_id":"r9"}"#,
        headers: ["X-Extra": "1"]))
    let client = try Sample.client(transport, configuration: .anyID)
    let answer = try await client.request(APIRequest(path: "/items"), as: [Item].self)
    #expect(answer.data == [Item(name: "a")])
    #expect(answer.status == 201)
    #expect(answer.headers["x-extra"] == "1")
    #expect(answer.limit == 1)
    #expect(answer.cursor == "c1")
    #expect(answer.hasMore)
    #expect(answer.requestID == "r9")
  }

  @Test(
    "data of any kind", arguments: ["null", "false", "9007199254740993", "\"x\"", "[]", #"{"a":[1.5,null]}"#])
  func anyData(json: String) async throws {
    let transport = ScriptedTransport(.answer(200, "{\"data\":\(json)}"))
    let answer = try await Sample.client(transport).request(APIRequest(path: "/x"))
    #expect(answer.data == (try JSONValue(parsing: Array(json.utf8))))
    #expect(answer.limit == nil)
    #expect(!answer.hasMore)
  }

  @Test(
    "the request id comes from the envelope, its meta, the header, or the call",
    arguments: [
      (#"{"data":1,"request_id":"a","meta":{"request_id":"b"}}"#, "c", "a"),
      (#"{"data":1,"request_id":"","meta":{"request_id":"b"}}"#, "c", "b"),
      (#"{"data":1,"request_id":7}"#, "c", "c"), (#"{"data":1}"#, "", Sample.requestID),
      (#"{"data":1}"#, nil, Sample.requestID),
    ] as [(String, String?, String)])
  func requestID(body: String, header: String?, expected: String) async throws {
    var headers = TransportHeaders()
    headers["X-Request-ID"] = header
    let transport = ScriptedTransport(.answer(200, body, headers: headers))
    let client = try Sample.client(transport, configuration: .anyID)
    #expect(try await client.request(APIRequest(path: "/x")).requestID == expected)
  }

  @Test("data of another type is a decoding error that names neither value nor credential")
  func wrongType() async throws {
    let transport = ScriptedTransport(
      .failure(.connect, sent: false),
      .answer(200, #"{"data":{"name":"n","color":"key-A1b2C3d4"},"request_id":"r9"}"#))
    let client = try Sample.client(transport, configuration: .anyID)
    let error = try await plystraError { try await client.request(APIRequest(path: "/x"), as: Item.self) }
    #expect(error.kind == .decoding)
    #expect(error.operation == "request")
    #expect(error.status == 200)
    #expect(error.requestID == "r9")
    #expect(error.attempts == 2)
    #expect(error.underlyingError is DecodingError)
    #expect(!leaks(error, Sample.apiKey))
  }

  @Test("a replayable request is tried again, another is not")
  func replay() async throws {
    let transport = ScriptedTransport(.answer(503), .fixture("health"))
    _ = try await Sample.client(transport).request(APIRequest(path: "/x", mayBeReplayed: true))
    #expect(transport.requests.map(\.mayBeResent) == [true, true])

    let once = ScriptedTransport(.answer(503))
    let client = try Sample.client(once)
    let error = try await plystraError { try await client.request(APIRequest(path: "/x")) }
    #expect(error.status == 503)
    #expect(once.requests.map(\.mayBeResent) == [false])
  }

  @Test("numbers reach the application's type as they were written")
  func exactNumbers() async throws {
    struct Amounts: Decodable, Sendable {
      let largest: UInt64
      let price: Decimal
    }
    let json = #"{"largest":18446744073709551615,"price":1234567890123456789.0123456789}"#
    let transport = ScriptedTransport(
      .answer(200, "{\"data\": \(json) ,\"request_id\":\"\(Sample.requestID)\"}"))
    let answer = try await Sample.client(transport).request(APIRequest(path: "/x"), as: Amounts.self)
    #expect(answer.data.largest == .max)
    #expect(answer.data.price == Decimal(string: "1234567890123456789.0123456789"))
  }

  @Test("null is data of a type that may be nil, and a scalar is data of a scalar type")
  func scalars() async throws {
    let transport = ScriptedTransport(.answer(200, #"{"data":null}"#), .answer(200, #"{"data":7}"#))
    let client = try Sample.client(transport)
    #expect(try await client.request(APIRequest(path: "/x"), as: Item?.self).data == nil)
    #expect(try await client.request(APIRequest(path: "/x"), as: Int.self).data == 7)
  }

  @Test(
    "an envelope that is not read strictly gives no value of the application's type either",
    arguments: [
      #"{"data":{"name":"a"},"data":{"name":"b"}}"#, #"{"data":{"name":"a"},"error":null,"error":null}"#,
      #"{"data":{"name":"a"}} x"#, #"{"data":{"name":"a",}}"#, #"{"data":{"name":"a","x":"\ud800"}}"#,
      #"{"name":"a"}"#, #"{"data":{"name":"a"},"error":false}"#, #"{"data":{"name":"a","x":01}}"#,
      #"{"data":{"name":"a","x":"# + String(repeating: "[", count: 128) + String(repeating: "]", count: 128)
        + "}}",
    ])
  func strictEnvelope(body: String) async throws {
    let client = try Sample.client(ScriptedTransport(.answer(200, body)))
    let error = try await plystraError { try await client.request(APIRequest(path: "/x"), as: Item.self) }
    #expect(error.kind == .decoding)
    #expect(error.underlyingError is JSONError)
  }

  @Test("bytes that are no UTF-8 are refused within members that the application's type does not have")
  func invalidUTF8() async throws {
    let body = Array(#"{"data":{"name":"a","x":""#.utf8) + [0xFF] + Array(#""}}"#.utf8)
    let transport = ScriptedTransport(.run { _ in TransportResponse(status: 200, body: body) })
    let client = try Sample.client(transport)
    let error = try await plystraError { try await client.request(APIRequest(path: "/x"), as: Item.self) }
    #expect(error.kind == .decoding)
  }

  @Test(
    "an error that the application's type throws is the cause of a decoding error, and shows no credential")
  func foreignError() async throws {
    struct Careless: Error { let text: String }
    struct Strict: Decodable, Sendable {
      init(from decoder: any Decoder) throws {
        throw Careless(text: try decoder.singleValueContainer().decode(String.self))
      }
    }
    let transport = ScriptedTransport(.answer(200, #"{"data":"key-A1b2C3d4"}"#))
    let client = try Sample.client(transport)
    let error = try await plystraError { try await client.request(APIRequest(path: "/x"), as: Strict.self) }
    #expect(error.kind == .decoding)
    #expect(error.underlyingError != nil)
    #expect(!leaks(error, Sample.apiKey))
  }
}
