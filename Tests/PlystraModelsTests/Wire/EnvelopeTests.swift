import PlystraCore
import PlystraModels
import TestSupport
import Testing

@Suite("An envelope holds data or an error, and anything else is refused")
struct EnvelopeTests {
  private func health(_ text: String) throws -> Envelope<Health> { try Envelope(parsing: text.utf8) }

  @Test("data, with the id of the call from the first place that has it")
  func requestID() throws {
    #expect(try health(#"{"data":{"status":"ok"},"request_id":"req_1"}"#).requestID == "req_1")
    #expect(try health(#"{"data":{"status":"ok"},"meta":{"request_id":"req_2"}}"#).requestID == "req_2")
    let both = #"{"meta":{"request_id":"req_2"},"request_id":"req_1","data":{"status":"ok"}}"#
    #expect(try health(both).requestID == "req_1")
    let blank = #"{"data":{"status":"ok"},"request_id":"","meta":{"request_id":"req_2"}}"#
    #expect(try health(blank).requestID == "req_2")
    #expect(try health(#"{"data":{"status":"ok"}}"#).requestID == nil)
  }

  @Test(
    "an id of another type is none, and does no harm",
    arguments: ["7", "null", "true", "[]", "{}", "[{\"a\":[1]}]", "1.5"])
  func requestIDOfAnotherType(id: String) throws {
    let text = "{\"request_id\":\(id),\"meta\":{\"request_id\":\(id)},\"data\":{\"status\":\"ok\"}}"
    #expect(try health(text).requestID == nil)
    #expect(try health(text).data?.status == "ok")
    #expect(try health("{\"meta\":\(id),\"data\":{\"status\":\"ok\"}}").data?.status == "ok")
  }

  @Test(
    "an error object means that there is no data, however right the data is",
    arguments: [
      #"{"error":{},"data":{"status":"ok"}}"#, #"{"data":{"status":"ok"},"error":{}}"#,
      #"{"data":{"status":"ok"},"error":{"code":"X","details":[1,{"a":null}]}}"#, #"{"error":{}}"#,
      #"{"data":null,"error":{}}"#, #"{"data":[1],"error":{"code":5}}"#,
      #"{"data":{"status":7},"\u0065rror":{}}"#,
    ])
  func errorObject(text: String) throws {
    #expect(try health(text).data == nil)
    let decision = text.replacingStatus(with: #"{"allow":true,"decision":"allow"}"#)
    #expect(try Envelope<Decision>(parsing: decision.utf8).data == nil)
  }

  @Test("the id of the call comes from the error first, then as ever")
  func errorRequestID() throws {
    func id(_ text: String) throws -> String? { try ErrorEnvelope(parsing: text.utf8).requestID }
    #expect(try id(#"{"error":{"request_id":"a"},"request_id":"b","meta":{"request_id":"c"}}"#) == "a")
    #expect(try id(#"{"error":{"request_id":5},"request_id":"b","meta":{"request_id":"c"}}"#) == "b")
    #expect(try id(#"{"error":{"request_id":""},"request_id":"","meta":{"request_id":"c"}}"#) == "c")
    #expect(try id(#"{"error":"text","meta":{"request_id":5}}"#) == nil)
    #expect(try health(#"{"error":{"request_id":"a"},"data":5,"request_id":"b"}"#).requestID == "a")
  }

  @Test("null is no error")
  func nullError() throws {
    #expect(try health(#"{"error":null,"data":{"status":"ok"}}"#).data?.status == "ok")
    #expect(try health(#"{"data":{"status":"ok"},"error": null }"#).data?.status == "ok")
  }

  @Test(
    "an error of any other type is refused",
    arguments: ["false", "true", "\"x\"", "\"\"", "[]", "[{}]", "0", "1.5"])
  func errorOfAnotherType(value: String) throws {
    for text in [
      "{\"error\":\(value),\"data\":{\"status\":\"ok\"}}",
      "{\"data\":{\"status\":\"ok\"},\"error\":\(value)}",
      "{\"error\":\(value)}", "{\"data\":null,\"error\":\(value)}",
    ] {
      #expect(failure { _ = try health(text) } != nil, "\(text)")
    }
    let error = try #require(failure { _ = try health("{\"error\":\(value),\"data\":{\"status\":\"ok\"}}") })
    #expect(error.path == "error")
    #expect(error.reason.hasPrefix("expected an object or null, found "))
  }

  @Test(
    "data or error that appear twice are refused, even if they are the same",
    arguments: [
      #"{"data":{"status":"ok"},"data":{"status":"ok"}}"#,
      #"{"data":{"status":"ok"},"d\u0061ta":{"status":"no"}}"#,
      #"{"data":{"status":"ok"},"x":1,"request_id":"r","data":{"status":"ok"}}"#, #"{"error":{},"error":{}}"#,
      #"{"data":{"status":"ok"},"error":null,"error":null}"#,
      #"{"error":null,"data":{"status":"ok"},"\u0065rror":{}}"#,
      #"{"error":{},"data":{"status":"ok"},"data":{"status":"ok"}}"#,
      #"{"error":{},"data":7,"data":{"status":"ok"}}"#, #"{"data":7,"data":{"status":"ok"},"error":{}}"#,
      #"{"data":7,"error":{"code":"X"},"d\u0061ta":8}"#, #"{"data":null,"data":null,"error":{}}"#,
      #"{"error":{},"data":7,"error":{}}"#, #"{"data":7,"error":null,"error":{}}"#,
    ])
  func twice(text: String) throws {
    let error = try #require(failure { _ = try health(text) })
    #expect(error.reason.contains("appears twice"))
  }

  @Test(
    "what is no envelope is refused",
    arguments: [
      "", " ", "null", "true", "1", "\"ok\"", "[]", "[{\"data\":{\"status\":\"ok\"}}]", "{}",
      "{\"request_id\":\"r\"}",
      "<html>", "ok", "{\"Data\":{\"status\":\"ok\"}}", "{\"data\":{\"status\":\"ok\"}",
      "{\"data\":{\"status\":\"ok\"}}}",
      "{\"data\":{\"status\":\"ok\"}}{}", "{\"data\":{\"status\":\"ok\"}}x",
    ])
  func noEnvelope(text: String) {
    #expect(failure { _ = try health(text) } != nil)
    #expect(failure { _ = try Envelope<[ResourceType]>(parsing: text.utf8) } != nil)
    #expect(failure { _ = try Envelope<JSONValue>(parsing: text.utf8) } != nil || text.contains("\"data\""))
  }

  @Test("data that is null or missing is refused by name, except that a list that is null is empty")
  func missingData() throws {
    let null = #"{"data":null,"request_id":"req_1"}"#
    let missing = #"{"request_id":"req_1"}"#
    #expect(failure { _ = try health(null) }?.description.contains("data") == true)
    #expect(failure { _ = try health(missing) }?.reason == "'data' is missing")
    for text in [null, missing] {
      let error = try #require(failure { _ = try Envelope<Decision>(parsing: text.utf8) })
      #expect(error.description.contains("data"))
      #expect(!error.isPremature)
      // The id of the call is still to be had.
      #expect(try ErrorEnvelope(parsing: text.utf8).requestID == "req_1")
    }
    let list = try Envelope<[AuditLogEntry]>(parsing: null.utf8)
    #expect(list.data == [])
    #expect(list.requestID == "req_1")
    #expect(
      failure { _ = try Envelope<[AuditLogEntry]>(parsing: missing.utf8) }?.reason == "'data' is missing")
    #expect(try Envelope<JSONValue>(parsing: null.utf8).data == .null)
  }

  @Test("a byte order mark and white space around an envelope are taken, bytes behind it are not")
  func surroundings() throws {
    #expect(try health("\u{FEFF}\r\n {\"data\":{\"status\":\"ok\"}} \n\t").data?.status == "ok")
    #expect(failure { _ = try health("{\"data\":{\"status\":\"ok\"}}\u{0}") } != nil)
  }

  @Test("what a page says of itself")
  func pagination() throws {
    let text = #"{"data":[],"pagination":{"limit":2,"cursor":"c","has_more":true,"total":9}}"#
    let page = try #require(try Envelope<[Health]>(parsing: text.utf8).pagination)
    #expect(page.limit == 2 && page.cursor == "c" && page.hasMore)
    let blank = try Envelope<[Health]>(
      parsing: #"{"data":[],"pagination":{"cursor":"","has_more":null}}"#.utf8)
    #expect(blank.pagination?.cursor == nil && blank.pagination?.hasMore == false)
    #expect(try Envelope<[Health]>(parsing: #"{"data":[],"pagination":null}"#.utf8).pagination == nil)
    for wrong in ["[]", "5", "{\"limit\":\"2\"}", "{\"has_more\":1}"] {
      #expect(
        failure { _ = try Envelope<[Health]>(parsing: "{\"data\":[],\"pagination\":\(wrong)}".utf8) } != nil)
    }
  }

  @Test("the values of an error are at hand, whatever their type")
  func errorEnvelope() throws {
    let error = try ErrorEnvelope(parsing: #"{"error":{"code":"X","message":null,"details":[1]}}"#.utf8)
    #expect(error.text("code") == "X")
    #expect(error.text("message") == nil && error.text("details") == nil && error.text("missing") == nil)
    #expect(error.error?["details"] == [1])
    for value in ["\"x\"", "[]", "5", "true", "{}"] {
      let error = try ErrorEnvelope(parsing: "{\"error\":\(value)}".utf8)
      #expect(error.text("code") == nil && error.requestID == nil)
      #expect(try error.error == json(value))
    }
    #expect(try ErrorEnvelope(parsing: "{}".utf8).error == nil)
  }
}

extension String {
  /// The text with its right `data` replaced.
  fileprivate func replacingStatus(with value: String) -> String {
    guard let range = firstRange(of: #"{"status":"ok"}"#) else { return self }
    return String(self[..<range.lowerBound]) + value + String(self[range.upperBound...])
  }
}
