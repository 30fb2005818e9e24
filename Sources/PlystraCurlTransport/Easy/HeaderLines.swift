import CLibcurl
import PlystraCore

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// What libcurl reads of a request while its transfer is under way.
struct RequestMemory: ~Copyable {
  var headerLines = HeaderLines()
  var body = ScratchMemory<UInt8>()
}

/// The header fields of a request as the linked list that libcurl reads, in memory that is reused.
///
/// One request is mostly like the one before: where names and lengths are the same, the values alone are written.
struct HeaderLines: ~Copyable {
  /// What a field of the list looks like.
  private struct Shape {
    let nameCount: Int
    let valueCount: Int
    /// Where its value begins, from the start of the text.
    let valueStart: Int
  }

  private var nodes = ScratchMemory<curl_slist>()
  private var text = ScratchMemory<UInt8>()
  /// The given fields of the current list, where none of them is blank; else empty.
  private var shapes: [Shape] = []
  private var announcesNothing = false

  /// The list for these fields and a body of this length, valid until the next call.
  mutating func fill(
    with headers: [TransportHeaders.Field], bodyCount: Int
  ) -> UnsafeMutablePointer<curl_slist> {
    // Bodies as short as these no version of libcurl announces by `Expect`.
    let announcesNothing = bodyCount <= 1_024
    if announcesNothing == self.announcesNothing, let list = refill(with: headers) { return list }
    self.announcesNothing = announcesNothing
    shapes.removeAll(keepingCapacity: true)
    return write(headers, given: announcesNothing ? .expect : [])
  }

  /// Ends the use of the list.
  mutating func giveBackExcess() {
    nodes.giveBackExcess()
    text.giveBackExcess()
  }

  /// Writes the values into the lines that are there; nil, with the lines spoiled, if they are for other fields.
  private mutating func refill(with headers: [TransportHeaders.Field]) -> UnsafeMutablePointer<curl_slist>? {
    // What an earlier `write` reserved: all of the shapes lie within it.
    guard !headers.isEmpty, headers.count == shapes.count, let list = nodes.current, let lines = text.current
    else { return nil }
    for index in headers.indices {
      let shape = shapes[index]
      let isSame = headers[index].name.withBytes { name in
        // A line is its name, two characters and its value.
        guard name.count == shape.nameCount, let start = name.baseAddress else { return false }
        return memcmp(start, lines + (shape.valueStart - 2 - name.count), name.count) == 0
      }
      let isWritten =
        isSame
        && headers[index].value.withBytes { value in
          guard value.count == shape.valueCount, !Self.isBlank(value), let start = value.baseAddress else {
            return false
          }
          (lines + shape.valueStart).update(from: start, count: value.count)
          return true
        }
      guard isWritten else { return nil }
    }
    return list
  }

  private mutating func write(
    _ headers: [TransportHeaders.Field], given: LibcurlDefaults
  ) -> UnsafeMutablePointer<curl_slist> {
    var given = given
    // A field is its name, two characters between, its value and a zero byte.
    let textSize = headers.reduce(LibcurlDefaults.textSize) {
      $0 + $1.name.utf8.count + $1.value.utf8.count + 3
    }
    let lines = text.reserve(textSize)
    var writer = Writer(nodes: nodes.reserve(headers.count + LibcurlDefaults.all.count), end: lines)
    var hasBlank = false
    for field in headers {
      given.insert(LibcurlDefaults(name: field.name))
      let isBlank = field.value.withBytes(Self.isBlank)
      hasBlank = hasBlank || isBlank
      // libcurl drops a field that has nothing after its colon; this is how to have it send one.
      writer.add(field.name, isBlank ? ";" : ": ", isBlank ? "" : field.value)
      let valueCount = field.value.utf8.count
      shapes.append(
        Shape(
          nameCount: field.name.utf8.count, valueCount: valueCount,
          // Behind the value is its zero byte.
          valueStart: writer.end - lines - 1 - valueCount))
    }
    if hasBlank { shapes.removeAll(keepingCapacity: true) }
    for (name, option, value) in LibcurlDefaults.all where !given.contains(option) {
      writer.add(name, value.isEmpty ? ":" : ": ", value)
    }
    return writer.nodes
  }

  private static func isBlank(_ value: UnsafeBufferPointer<UInt8>) -> Bool {
    value.allSatisfy { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
  }

  /// Writes lines one after the other, and the nodes that point to them.
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
      string.withBytes { bytes in
        guard let start = bytes.baseAddress else { return }
        end.update(from: start, count: bytes.count)
        end += bytes.count
      }
    }
  }
}

/// Header fields that libcurl adds by itself unless the list names them.
private struct LibcurlDefaults: OptionSet {
  let rawValue: Int

  static let accept = LibcurlDefaults(rawValue: 1)
  static let expect = LibcurlDefaults(rawValue: 2)
  static let contentType = LibcurlDefaults(rawValue: 4)
  static let acceptEncoding = LibcurlDefaults(rawValue: 8)

  /// What is sent instead: nothing, which a name with a colon and no value stands for, or what libcurl would send,
  /// which it writes faster when the list has it.
  static let all: [(name: String, option: LibcurlDefaults, value: String)] =
    [("Accept", accept, ""), ("Expect", expect, ""), ("Content-Type", contentType, "")]
    + (plystra_accepted_encodings().map { [("Accept-Encoding", acceptEncoding, String(cString: $0))] } ?? [])

  /// The bytes that the lines for all of them take.
  static let textSize = all.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count + 3 }

  init(rawValue: Int) { self.rawValue = rawValue }

  /// The default that a field of this name replaces.
  init(name: String) {
    switch name.utf8.count {
    case 6: self = name.isToken("accept") ? .accept : name.isToken("expect") ? .expect : []
    case 12: self = name.isToken("content-type") ? .contentType : []
    case 15: self = name.isToken("accept-encoding") ? .acceptEncoding : []
    default: self = []
    }
  }
}
