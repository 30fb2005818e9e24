import PlystraCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Writes exchanges as an HTTP Archive 1.2, which developers' tools of browsers open.
///
/// Sizes are those of what is written: the true ones would tell how long the secrets were.
enum HARWriter {
  /// The text of an archive.
  static func bytes(of exchanges: [RecordedExchange]) -> [UInt8] {
    PrettyJSON.bytes(
      of: [
        "log": [
          "version": "1.2",
          "creator": ["name": "plystra-swift", "version": .string(PlystraClient.version)],
          "entries": .array(exchanges.map(entry)),
        ]
      ])
  }

  private static func entry(_ exchange: RecordedExchange) -> JSONValue {
    let milliseconds = (exchange.duration / .microseconds(1)).rounded() / 1_000
    return [
      "startedDateTime": .string(Timestamp.text(of: exchange.startedAt ?? Date(timeIntervalSince1970: 0))),
      "time": .number(milliseconds),
      "request": request(exchange.request),
      "response": response(exchange.outcome),
      "cache": [:],
      "timings": ["send": 0, "wait": .number(milliseconds), "receive": 0],
    ]
  }

  /// Transports do not say which version of HTTP they spoke.
  private static let httpVersion: JSONValue = "unknown"

  // MARK: Request

  private static func request(_ request: TransportRequest) -> JSONValue {
    let address = RequestAddress(request.url)
    var fields: JSONObject = [
      "method": .string(request.method), "url": .string(request.url), "httpVersion": httpVersion,
      "cookies": .array(
        request.headers.values(of: "Cookie").flatMap { $0.split(separator: ";") }.map(cookie)),
      "headers": headers(request.headers),
      "queryString": .array(
        address.items.map { ["name": .string($0.name), "value": .string($0.value)] }),
    ]
    if let body = request.body { fields["postData"] = postData(body, request.headers) }
    fields["headersSize"] = -1
    fields["bodySize"] = .integer(Int64(request.body?.count ?? 0))
    return .object(fields)
  }

  private static func postData(_ body: [UInt8], _ headers: TransportHeaders) -> JSONValue {
    let (text, encoding) = encoded(body)
    var data: JSONObject = [
      "mimeType": .string(headers["Content-Type"] ?? ""), "text": .string(text),
    ]
    // The format has no field for it here; others are to begin with an underscore.
    if let encoding { data["_encoding"] = .string(encoding) }
    return .object(data)
  }

  // MARK: Response

  private static func response(_ outcome: RecordedExchange.Outcome) -> JSONValue {
    switch outcome {
    case .answer(let answer): return .object(response(answer))
    case .failure(let error):
      // As browsers record a request that failed: with status 0.
      var fields = response(TransportResponse(status: 0))
      fields["_error"] = .string(error.kind.rawValue)
      fields["_errorMessage"] = .string(error.message)
      fields["_mayHaveBeenSent"] = .bool(error.mayHaveBeenSent)
      return .object(fields)
    }
  }

  private static func response(_ response: TransportResponse) -> JSONObject {
    let (text, encoding) = encoded(response.body)
    var content: JSONObject = [
      "size": .integer(Int64(response.body.count)),
      "mimeType": .string(response.headers["Content-Type"] ?? ""), "text": .string(text),
    ]
    if let encoding { content["encoding"] = .string(encoding) }
    var fields = response.headers
    if fields["Content-Length"] != nil { fields["Content-Length"] = String(response.body.count) }
    return [
      "status": .integer(Int64(response.status)),
      "statusText": .string(response.status == 0 ? "" : HTTPResponseWriter.reason(response.status)),
      "httpVersion": httpVersion,
      "cookies": .array(
        fields.values(of: "Set-Cookie").compactMap { $0.split(separator: ";").first }.map(cookie)),
      "headers": headers(fields), "content": .object(content),
      "redirectURL": .string(fields["Location"] ?? ""), "headersSize": -1,
      "bodySize": .integer(Int64(response.body.count)),
    ]
  }

  // MARK: Parts of both

  private static func headers(_ headers: TransportHeaders) -> JSONValue {
    .array(headers.map { ["name": .string($0.name), "value": .string($0.value)] })
  }

  private static func cookie(_ pair: Substring) -> JSONValue {
    let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let name = (parts.first.map(String.init) ?? "").trimmed()
    return ["name": .string(name), "value": .string(parts.count == 2 ? String(parts[1]) : "")]
  }

  /// A body as text, or in base64 if it is none.
  private static func encoded(_ body: [UInt8]) -> (text: String, encoding: String?) {
    let text = String(decoding: body, as: UTF8.self)
    if text.utf8.elementsEqual(body) { return (text, nil) }
    return (Data(body).base64EncodedString(), "base64")
  }
}
