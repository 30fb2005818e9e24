import Foundation
import PlystraCore
import Testing

/// Checks a file against what HAR 1.2 prescribes: every mandatory field, and its type.
enum HARCheck {
  /// The problems found, each as a path and what is wrong there.
  static func problems(in text: String) throws -> [String] {
    let root = try JSONValue(parsing: text.utf8)
    var check = Checker()
    let log = check.object(root, "log")
    check.text(log, "version")
    if log?["version"] != "1.2" { check.problems.append("log.version is not 1.2") }
    let creator = check.object(log, "creator")
    check.text(creator, "name")
    check.text(creator, "version")
    for (index, entry) in check.array(log, "entries").enumerated() {
      check.place = "entry \(index + 1)"
      check.entry(entry)
    }
    return check.problems
  }

  private struct Checker {
    var problems: [String] = []
    var place = "log"

    mutating func require<Value>(
      _ parent: JSONValue?, _ key: String, _ type: String, _ read: (JSONValue) -> Value?
    ) -> Value? {
      if let value = parent?[key].flatMap(read) { return value }
      problems.append("\(place): \(key) is not \(type)")
      return nil
    }

    mutating func object(_ parent: JSONValue?, _ key: String) -> JSONValue? {
      require(parent, key, "an object") { $0.objectValue.map { .object($0) } }
    }
    mutating func array(_ parent: JSONValue?, _ key: String) -> [JSONValue] {
      require(parent, key, "an array") { $0.arrayValue } ?? []
    }
    @discardableResult mutating func text(_ parent: JSONValue?, _ key: String) -> String? {
      require(parent, key, "a string") { $0.stringValue }
    }
    @discardableResult mutating func number(_ parent: JSONValue?, _ key: String) -> Double? {
      require(parent, key, "a number") { $0.doubleValue }
    }
    mutating func pairs(_ parent: JSONValue?, _ key: String) {
      for pair in array(parent, key) {
        text(pair, "name")
        text(pair, "value")
      }
    }

    mutating func entry(_ entry: JSONValue) {
      if let started = text(entry, "startedDateTime"), Timestamp.date(from: started) == nil {
        problems.append("\(place): startedDateTime is not ISO 8601")
      }
      let time = number(entry, "time")
      message(object(entry, "request"), isRequest: true)
      message(object(entry, "response"), isRequest: false)
      _ = object(entry, "cache")
      let timings = object(entry, "timings")
      let parts = ["send", "wait", "receive"].map { number(timings, $0) ?? .nan }
      if parts.reduce(0, +) != time || parts.contains(where: { $0 < 0 }) {
        problems.append("\(place): time is not the sum of its timings")
      }
    }

    private mutating func message(_ message: JSONValue?, isRequest: Bool) {
      text(message, "httpVersion")
      pairs(message, "cookies")
      pairs(message, "headers")
      number(message, "headersSize")
      number(message, "bodySize")
      if isRequest { request(message) } else { response(message) }
    }

    private mutating func request(_ request: JSONValue?) {
      text(request, "method")
      if let url = text(request, "url"), URL(string: url)?.host == nil {
        problems.append("\(place): url is not absolute")
      }
      pairs(request, "queryString")
      guard let data = request?["postData"] else { return }
      text(data, "mimeType")
      text(data, "text")
    }

    private mutating func response(_ response: JSONValue?) {
      number(response, "status")
      text(response, "statusText")
      text(response, "redirectURL")
      let content = object(response, "content")
      number(content, "size")
      text(content, "mimeType")
    }
  }
}
