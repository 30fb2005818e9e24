import PlystraCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Reads the exchanges of an HTTP Archive 1.2, from whatever tool it comes.
struct HARReader {
  let path: String

  /// The exchanges of the file.
  func exchanges() throws(FixtureError) -> [RecordedExchange] {
    let log = try HARField(contents(), path: path).member("log")
    var exchanges: [RecordedExchange] = []
    for entry in try log.member("entries").elements() {
      try exchanges.append(exchange(entry))
    }
    return exchanges
  }

  private func contents() throws(FixtureError) -> JSONValue {
    let bytes: Data
    do {
      bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    } catch {
      let isMissing = !FileManager.default.fileExists(atPath: path)
      throw FixtureError(
        path: path, entry: nil, field: nil,
        reason: isMissing
          ? "there is no such file: record it with RecordingTransport(upstream:to:), and finish() the recording"
          : "it cannot be read: it must be a file, not a folder, that this user may read")
    }
    do {
      return try JSONValue(parsing: bytes)
    } catch {
      throw FixtureError(path: path, entry: nil, field: nil, reason: "it is not JSON: \(error)")
    }
  }

  private func exchange(_ entry: HARField) throws(FixtureError) -> RecordedExchange {
    let response = try entry.member("response")
    return RecordedExchange(
      startedAt: Timestamp.date(from: try entry.optional("startedDateTime")?.text() ?? ""),
      duration: .milliseconds(try entry.optional("time")?.number() ?? 0),
      request: try request(entry.member("request")),
      outcome: try outcome(response))
  }

  private func request(_ field: HARField) throws(FixtureError) -> TransportRequest {
    var body: [UInt8]?
    if let data = try field.optional("postData"), let text = try data.optional("text") {
      body = try self.body(text, encoding: data.optional("_encoding"))
    }
    return TransportRequest(
      method: try field.member("method").text(), url: try field.member("url").text(),
      headers: try headers(field), body: body)
  }

  private func outcome(_ field: HARField) throws(FixtureError) -> RecordedExchange.Outcome {
    let status = try field.member("status").status()
    guard status != 0 else {
      return .failure(
        TransportError(
          kind: TransportError.Kind(rawValue: try field.optional("_error")?.text() ?? "other"),
          message: try field.optional("_errorMessage")?.text()
            ?? "the exchange was recorded without an answer",
          mayHaveBeenSent: try field.optional("_mayHaveBeenSent")?.flag() ?? true))
    }
    let content = try field.member("content")
    var body: [UInt8] = []
    if let text = try content.optional("text") {
      body = try self.body(text, encoding: content.optional("encoding"))
    }
    return .answer(TransportResponse(status: status, headers: try headers(field), body: body))
  }

  private func headers(_ field: HARField) throws(FixtureError) -> TransportHeaders {
    var headers = TransportHeaders()
    for header in try field.optional("headers")?.elements() ?? [] {
      headers.add(try header.member("name").text(), try header.member("value").text())
    }
    return headers
  }

  private func body(_ text: HARField, encoding: HARField?) throws(FixtureError) -> [UInt8] {
    guard let encoding else { return Array(try text.text().utf8) }
    guard try encoding.text() == "base64" else { throw encoding.error("base64 is the only encoding known") }
    guard let data = Data(base64Encoded: try text.text()) else { throw text.error("it is not base64") }
    return Array(data)
  }
}

/// A value of an archive that knows where it stands.
struct HARField {
  private let value: JSONValue
  private let path: String
  private let entry: Int?
  private let name: String?

  init(_ value: JSONValue, path: String) { self.init(value, path, entry: nil, name: nil) }

  private init(_ value: JSONValue, _ path: String, entry: Int?, name: String?) {
    self.value = value
    self.path = path
    self.entry = entry
    self.name = name
  }

  func error(_ reason: String) -> FixtureError {
    FixtureError(path: path, entry: entry, field: name, reason: reason)
  }

  private func mismatch(_ expected: String) -> FixtureError {
    error("expected \(expected), found \(value.kindName)")
  }

  /// A member that may be absent or null.
  func optional(_ key: String) throws(FixtureError) -> HARField? {
    guard case .object(let members) = value else { throw mismatch("an object") }
    let place = name.map { "\($0).\(key)" } ?? key
    guard let member = members[key], !member.isNull else { return nil }
    return HARField(member, path, entry: entry, name: place)
  }

  func member(_ key: String) throws(FixtureError) -> HARField {
    if let member = try optional(key) { return member }
    throw FixtureError(
      path: path, entry: entry, field: name.map { "\($0).\(key)" } ?? key, reason: "it is missing")
  }

  /// The elements of a list; those of the log's entries are counted and named from there.
  func elements() throws(FixtureError) -> [HARField] {
    guard case .array(let elements) = value else { throw mismatch("an array") }
    return elements.enumerated().map { index, element in
      name == "log.entries"
        ? HARField(element, path, entry: index + 1, name: nil)
        : HARField(element, path, entry: entry, name: "\(name ?? "")[\(index)]")
    }
  }

  func text() throws(FixtureError) -> String {
    guard case .string(let text) = value else { throw mismatch("a string") }
    return text
  }

  func flag() throws(FixtureError) -> Bool {
    guard case .bool(let flag) = value else { throw mismatch("a boolean") }
    return flag
  }

  func number() throws(FixtureError) -> Double {
    guard let number = value.doubleValue else { throw mismatch("a number") }
    return number
  }

  /// A status, or 0 where there was no answer.
  func status() throws(FixtureError) -> Int {
    let number = try number()
    guard let status = Int(exactly: number), status == 0 || (200...599).contains(status) else {
      throw error("expected a status from 200 to 599, or 0, found \(number)")
    }
    return status
  }
}
