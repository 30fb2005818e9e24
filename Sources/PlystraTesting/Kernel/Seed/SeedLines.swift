import PlystraModels

/// Finds the line of a seed file on which the value of a path begins.
struct SeedLines {
  private let bytes: [UInt8]

  /// - Parameter bytes: the file; it has been read as JSON already.
  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The line, counted from 1, of an offset.
  func line(ofOffset offset: Int) -> Int {
    bytes.prefix(max(0, offset)).reduce(1) { $1 == UInt8(ascii: "\n") ? $0 + 1 : $0 }
  }

  /// The line, counted from 1, on which the value of a path begins: of what surrounds it, if the value itself is
  /// what is missing.
  func line(ofPath path: String) -> Int {
    var best = (length: 0, offset: 0)
    walk { offset, place in
      // Of a list that stands twice the first is found, as by the reader's complaint about it.
      if place.count > best.length, leads(place, to: path) { best = (place.count, offset) }
    }
    return line(ofOffset: best.offset)
  }

  private func leads(_ place: String, to path: String) -> Bool {
    guard path.hasPrefix(place) else { return false }
    guard let next = path.dropFirst(place.count).first else { return true }
    return next == "." || next == "["
  }

  /// Calls back for every value with its offset and path.
  private func walk(_ visit: (_ offset: Int, _ path: String) -> Void) {
    var nesting = JSONNesting()
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      switch byte {
      case UInt8(ascii: "\""):
        let close = JSONNesting.closingQuote(in: bytes, from: index + 1)
        if nesting.isAtKey {
          nesting.enter(key: String(decoding: bytes[(index + 1)..<close], as: UTF8.self))
        } else {
          visit(index, nesting.path)
        }
        index = close
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        visit(index, nesting.path)
        nesting.pass(byte)
      case UInt8(ascii: "}"), UInt8(ascii: "]"), UInt8(ascii: ","): nesting.pass(byte)
      case UInt8(ascii: ":"), 0x09, 0x0A, 0x0D, 0x20: break
      default:
        // A number or a word.
        visit(index, nesting.path)
        while index + 1 < bytes.count, !",]}".utf8.contains(bytes[index + 1]), bytes[index + 1] > 0x20 {
          index += 1
        }
      }
      index += 1
    }
  }
}
