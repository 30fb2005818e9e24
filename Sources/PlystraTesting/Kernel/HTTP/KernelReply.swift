import PlystraCore

/// A success answer of the service, before it is put in its envelope.
struct KernelReply {
  var status = 200
  var data: JSONValue
  /// The page size to report, for lists.
  var listLimit: Int?
  var headers: [(name: String, value: String)] = []

  /// An answer of one value.
  init(_ data: JSONValue, status: Int = 200) {
    self.data = data
    self.status = status
  }

  /// An answer of a list, which is the only page there is.
  init(list: [JSONValue], limit: Int) {
    data = .array(list)
    listLimit = limit
  }
}

extension TransportResponse {
  /// A success in its envelope (contract §2).
  init(_ reply: KernelReply, requestID: String) {
    var envelope: JSONObject = ["data": reply.data]
    if let limit = reply.listLimit {
      envelope["pagination"] = [
        "limit": .integer(Int64(limit)), "cursor": .null, "has_more": .bool(false),
      ]
    }
    envelope["request_id"] = .string(requestID)
    self.init(json: envelope, status: reply.status, requestID: requestID, extra: reply.headers)
  }

  /// An error in its envelope (contract §2).
  init(_ failure: KernelFailure, requestID: String) {
    let error: JSONObject = [
      "code": .string(failure.code), "message": .string(failure.message), "details": failure.details,
      "request_id": .string(requestID),
    ]
    self.init(
      json: ["error": .object(error), "request_id": .string(requestID)], status: failure.status,
      requestID: requestID, extra: [("X-Plystra-Error-Code", failure.code)] + failure.headers)
  }

  private init(
    json: JSONObject, status: Int, requestID: String, extra: [(name: String, value: String)]
  ) {
    var headers = Self.commonHeaders(contentType: "application/json", requestID: requestID)
    for field in extra { headers.add(field.name, field.value) }
    self.init(status: status, headers: headers, body: JSONValue.object(json).serialized())
  }

  /// The answer to a path that the service does not know: plain text, as its router writes it.
  static func unknownPath(requestID: String) -> TransportResponse {
    TransportResponse(
      status: 404, headers: commonHeaders(contentType: "text/plain; charset=utf-8", requestID: requestID),
      body: Array("404 page not found\n".utf8))
  }

  private static func commonHeaders(contentType: String, requestID: String) -> TransportHeaders {
    [
      "Content-Type": contentType, "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff",
      "X-Request-ID": requestID,
    ]
  }
}
