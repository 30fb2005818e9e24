import PlystraCore

/// The service's envelope around what a mock answers (contract §2).
struct MockEnvelope {
  private let requestID: String

  /// The envelope of an answer to a request, which repeats its id.
  init(_ request: RecordedRequest) { requestID = request.requestID ?? "req_mock" }

  func success(_ data: JSONValue, status: Int = 200, page: Pagination? = nil) -> TransportResponse {
    var body: JSONObject = ["data": data]
    if let page {
      body["pagination"] = [
        "limit": .integer(Int64(page.limit ?? 50)), "cursor": page.cursor.map { .string($0) } ?? .null,
        "has_more": .bool(page.hasMore),
      ]
    }
    body["request_id"] = .string(requestID)
    return response(body, status: status)
  }

  func failure(_ error: JSONObject, status: Int) -> TransportResponse {
    var error = error
    error["request_id"] = .string(requestID)
    return response(["error": .object(error), "request_id": .string(requestID)], status: status)
  }

  private func response(_ body: JSONObject, status: Int) -> TransportResponse {
    TransportResponse(
      status: status, headers: ["Content-Type": "application/json", "X-Request-ID": requestID],
      body: JSONValue.object(body).serialized())
  }
}
