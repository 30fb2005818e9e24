import PlystraCore

/// Writes JSON for people and for version control: one member or element a line, and pairs of a name and a value on one.
enum PrettyJSON {
  static func bytes(of value: JSONValue) -> [UInt8] {
    var output: [UInt8] = []
    append(value, depth: 0, to: &output)
    output.append(UInt8(ascii: "\n"))
    return output
  }

  private static func append(_ value: JSONValue, depth: Int, to output: inout [UInt8]) {
    switch value {
    case .array(let elements) where !elements.isEmpty:
      list("[", elements, "]", depth, to: &output) { append($0, depth: depth + 1, to: &$1) }
    case .object(let members) where members.count == 2 && members.allSatisfy { isPlain($0.value) }:
      output += "{".utf8
      for (index, member) in members.enumerated() {
        output += (index == 0 ? "" : ", ").utf8
        output += JSONValue.string(member.key).serialized() + Array(": ".utf8) + member.value.serialized()
      }
      output += "}".utf8
    case .object(let members) where !members.isEmpty:
      list("{", members, "}", depth, to: &output) { member, output in
        output += JSONValue.string(member.key).serialized()
        output += ": ".utf8
        append(member.value, depth: depth + 1, to: &output)
      }
    default: output += value.serialized()
    }
  }

  private static func isPlain(_ value: JSONValue) -> Bool {
    switch value {
    case .array, .object: false
    default: true
    }
  }

  private static func list<Items: Collection>(
    _ opening: String, _ items: Items, _ closing: String, _ depth: Int, to output: inout [UInt8],
    _ appendItem: (Items.Element, inout [UInt8]) -> Void
  ) {
    output += opening.utf8
    var separator = ""
    for item in items {
      output += separator.utf8
      newLine(depth + 1, &output)
      appendItem(item, &output)
      separator = ","
    }
    newLine(depth, &output)
    output += closing.utf8
  }

  private static func newLine(_ depth: Int, _ output: inout [UInt8]) {
    output.append(UInt8(ascii: "\n"))
    output += repeatElement(UInt8(ascii: " "), count: depth * 2)
  }
}
