import PlystraCore

/// A response of a ``StaleServer``: the decision about a question, for the request that asked it.
struct StaleMessage {
  /// The id of the request that it answers.
  let requestID: String
  private let body: [UInt8]

  /// The response to a request: a deny if that is a check.
  init(to request: RawRequest) {
    self.init(request, isAllow: false)
  }

  /// The response to an earlier request as nobody waits for it: an allow.
  init(staleTo request: RawRequest) {
    self.init(request, isAllow: true)
  }

  /// An allow that answers a request which this server never got.
  init(staleToUnknown requestID: String) {
    self.requestID = requestID
    body = Self.decision(about: .object([:]), requestID: requestID, isAllow: true)
  }

  private init(_ request: RawRequest, isAllow: Bool) {
    requestID = request.headers["X-Request-ID"] ?? ""
    let question = try? JSONValue(parsing: request.body)
    body = Self.decision(about: question ?? .object([:]), requestID: requestID, isAllow: isAllow)
  }

  // MARK: On the wire

  /// The whole response.
  ///
  /// - Parameter surplus: what the announced length is off by.
  func bytes(version: String = "1.1", announcing surplus: Int = 0) -> [UInt8] {
    let keepsAlive = version == "1.0" ? "Connection: keep-alive\r\n" : ""
    return head(version: version, length: body.count + surplus, more: keepsAlive) + body
  }

  /// The whole response in two chunks.
  func bytes(isChunked: Bool) -> [UInt8] {
    guard isChunked else { return bytes() }
    let half = body.count / 2
    func chunk(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
      Array("\(String(bytes.count, radix: 16))\r\n".utf8) + bytes + Array("\r\n".utf8)
    }
    return head(length: nil, more: "Transfer-Encoding: chunked\r\n") + chunk(body[..<half])
      + chunk(body[half...]) + Array("0\r\n\r\n".utf8)
  }

  /// The head alone, announcing the body.
  func head() -> [UInt8] { head(length: body.count) }

  func head(
    version: String = "1.1", status: String = "200 OK", length: Int?, more: String = ""
  ) -> [UInt8] {
    let announced = length.map { "Content-Length: \($0)\r\n" } ?? ""
    return Array(
      ("HTTP/\(version) \(status)\r\nContent-Type: application/json\r\nX-Request-ID: \(requestID)\r\n"
        + announced + more + "\r\n").utf8)
  }

  // MARK: The decision

  private static func decision(about question: JSONValue, requestID: String, isAllow: Bool) -> [UInt8] {
    let (actor, resource) = (question["actor"], question["resource"])
    func first(_ candidates: JSONValue?..., default text: JSONValue) -> JSONValue {
      candidates.lazy.compactMap { $0 }.first { $0 != .null && $0 != "" } ?? text
    }
    let type = first(question["resource_type"], resource?["type"], default: "invoice")
    let action = first(question["action"], default: "approve")
    let denyCode: JSONValue = isAllow ? "" : "SCOPE_OUT_OF_BOUNDS"
    let audit: JSONValue = [
      "audit_log_id": "audit_9f1c2e4b7a6d5c30",
      "actor_user_id": first(actor?["user_id"], default: "user_unknown"),
      "actor_member_id": first(actor?["member_id"], default: "member_unknown"),
      "actor_user_member_id": first(
        actor?["user_member_id"], actor?["binding_id"], default: "binding_unknown"),
      "space_id": first(actor?["space_id"], default: "space_unknown"),
      "action": .string("\(type.text).\(action.text)"),
      "resource_type": type,
      "resource_id": first(
        question["resource_id"], resource?["id"], resource?["external_id"], default: "invoice_unknown"),
      "decision": isAllow ? "allow" : "deny",
      "deny_code": denyCode,
      "request_id": .string(requestID),
    ]
    let data: JSONValue = [
      "allow": .bool(isAllow), "decision": isAllow ? "allow" : "deny", "deny_code": denyCode,
      "reason": "as the stale server decides", "trace_id": "trc_9f1c2e4b7a6d5c30",
      "audit_log_id": "audit_9f1c2e4b7a6d5c30", "audit": audit,
    ]
    return (["data": data, "request_id": .string(requestID)] as JSONValue).serialized()
  }
}

extension JSONValue {
  /// The text of a string, and nothing for any other value.
  fileprivate var text: String { if case .string(let text) = self { text } else { "" } }
}
