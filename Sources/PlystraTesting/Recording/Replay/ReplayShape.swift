import PlystraCore

/// What two requests have in common that are alike: all that is compared, in one form, and of secrets their sort only.
///
/// It finds, among many exchanges, the few that are worth a comparison.
struct ReplayShape: Sendable, Hashable {
  private var bytes: [UInt8] = []
  private let matching: ReplayMatching

  static func == (lhs: ReplayShape, rhs: ReplayShape) -> Bool { lhs.bytes == rhs.bytes }
  func hash(into hasher: inout Hasher) { hasher.combine(bytes) }

  init(_ request: ReplayRequest, _ matching: ReplayMatching) {
    self.matching = matching
    append(request.method)
    for segment in request.segments { append(segment) }
    if !matching.ignoresQuery {
      for item in request.items where !matching.ignoredQueryNames.contains(item.name) {
        append(item.name)
        // Another id may stand for the recorded one.
        if item.name != "request_id" { append(item.value) }
      }
    }
    guard !matching.ignoresBody else { return }
    switch request.body {
    case .none: break
    case .json(let value): append(value, at: "")
    case .bytes(let bytes): append(String(decoding: bytes, as: UTF8.self))
    }
  }

  /// Adds a text, with the sort of each placeholder in place of it, and an end that no text has.
  private mutating func append(_ text: String) {
    let source = Array(text.utf8)
    var position = 0
    while position < source.count {
      let length = Placeholder.length(at: position, in: source)
      if length > 0 {
        bytes += Placeholder.kind(of: source[position..<(position + length)])
      } else {
        bytes.append(source[position])
      }
      position += max(length, 1)
    }
    bytes.append(0xFF)
  }

  private mutating func append(_ value: JSONValue, at path: String) {
    if !path.isEmpty, matching.ignores(bodyPath: path) { return }
    switch value {
    case .object(let members):
      bytes.append(UInt8(ascii: "{"))
      for member in members.sorted(by: { $0.key.precedesExactly($1.key) }) {
        let place =
          matching.ignoredBodyPaths.isEmpty ? "" : path.isEmpty ? member.key : "\(path).\(member.key)"
        if !place.isEmpty, matching.ignores(bodyPath: place) { continue }
        append(member.key)
        append(member.value, at: place)
      }
      bytes.append(UInt8(ascii: "}"))
    case .array(let elements):
      bytes.append(UInt8(ascii: "["))
      for (index, element) in elements.enumerated() {
        append(element, at: matching.ignoredBodyPaths.isEmpty ? "" : "\(path)[\(index)]")
      }
      bytes.append(UInt8(ascii: "]"))
    case .string(let text): append("\"" + text)
    case .number(let number):
      let whole = Int64(exactly: number)
      append(whole.map { String($0) } ?? number.description)
    default: append(value.description)
    }
  }
}
