import CLibcurl
import PlystraCore

/// The header fields of a request as the linked list that libcurl reads, in memory that is reused.
struct HeaderLines: ~Copyable {
  private var nodes = ScratchMemory<curl_slist>()
  private var text = ScratchMemory<UInt8>()

  /// The list for these fields and a body of this length, valid until the next call.
  mutating func fill(
    with headers: [HTTPHeaders.Field], bodyCount: Int
  ) -> UnsafeMutablePointer<curl_slist> {
    // A field is its name, two characters between, its value and a zero byte.
    let textSize = headers.reduce(LibcurlDefaults.textSize) {
      $0 + $1.name.utf8.count + $1.value.utf8.count + 3
    }
    var writer = Writer(
      nodes: nodes.reserve(headers.count + LibcurlDefaults.names.count), end: text.reserve(textSize))
    // Bodies as short as these no version of libcurl announces by `Expect`.
    var given: LibcurlDefaults = bodyCount <= 1_024 ? .expect : []
    for field in headers {
      given.insert(LibcurlDefaults(name: field.name))
      // libcurl drops a field that has nothing behind its colon; this is how it is told to send one.
      let isEmpty = field.value.utf8.allSatisfy { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
      writer.add(field.name, isEmpty ? ";" : ": ", isEmpty ? "" : field.value)
    }
    for (name, option) in LibcurlDefaults.names where !given.contains(option) {
      writer.add(name, ":", "")
    }
    return writer.nodes
  }

  /// Ends the use of the list.
  mutating func giveBackExcess() {
    nodes.giveBackExcess()
    text.giveBackExcess()
  }

  /// Writes lines one behind the other, and the nodes that point to them.
  private struct Writer {
    /// Room for all nodes.
    let nodes: UnsafeMutablePointer<curl_slist>
    /// Where the next line goes; room for all lines.
    var end: UnsafeMutablePointer<UInt8>
    var count = 0

    mutating func add(_ name: String, _ separator: String, _ value: String) {
      let line = UnsafeMutableRawPointer(end).assumingMemoryBound(to: CChar.self)
      copy(name)
      copy(separator)
      copy(value)
      end.pointee = 0
      end += 1
      nodes[count] = curl_slist(data: line, next: nil)
      if count > 0 { nodes[count - 1].next = nodes + count }
      count += 1
    }

    private mutating func copy(_ string: String) {
      var string = string
      string.withUTF8 { bytes in
        guard let start = bytes.baseAddress else { return }
        end.update(from: start, count: bytes.count)
        end += bytes.count
      }
    }
  }
}

/// Header fields that libcurl adds by itself unless the list names them; a name with a colon and nothing behind it
/// keeps them off.
private struct LibcurlDefaults: OptionSet {
  let rawValue: Int

  static let accept = LibcurlDefaults(rawValue: 1)
  static let expect = LibcurlDefaults(rawValue: 2)
  static let contentType = LibcurlDefaults(rawValue: 4)

  static let names = [("Accept", accept), ("Expect", expect), ("Content-Type", contentType)]
  /// The bytes that the lines for all of them take.
  static let textSize = names.reduce(0) { $0 + $1.0.utf8.count + 2 }

  init(rawValue: Int) { self.rawValue = rawValue }

  /// The default that a field of this name replaces.
  init(name: String) {
    switch name.utf8.count {
    case 6:
      self = Self.isWritten(name, "accept") ? .accept : Self.isWritten(name, "expect") ? .expect : []
    case 12: self = Self.isWritten(name, "content-type") ? .contentType : []
    default: self = []
    }
  }

  /// Whether a name, which is a token, is one of those above, in letters of any case: no other byte of a token turns
  /// into a small letter or a hyphen by the bit that tells capital letters from small ones.
  private static func isWritten(_ name: String, _ lowercased: StaticString) -> Bool {
    name.utf8.enumerated().allSatisfy { $1 | 0x20 == lowercased.utf8Start[$0] }
  }
}
