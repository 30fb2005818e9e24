extension JSONWriter {
  /// Writes a text.
  @inline(__always)
  package mutating func write(_ value: String) {
    if let short = CheckedText.short(in: value), writeShort(short) { return }
    writeLong(value)
  }

  /// Writes a text that lies within its `String`, unless it needs an escape.
  @inline(never)
  private mutating func writeShort(_ text: CheckedText.Short) -> Bool {
    // Spaces need no escape.
    let spaces: UInt64 = 0x2020_2020_2020_2020
    let mask = text.mask
    guard !Self.needsEscape(text.low | spaces & ~mask.low), !Self.needsEscape(text.high | spaces & ~mask.high)
    else { return false }
    reserve(CheckedText.Short.room + 3)
    putComma()
    put(UInt8(ascii: "\""))
    let target = UnsafeMutableRawPointer(base + count)
    target.storeBytes(of: text.low.littleEndian, as: UInt64.self)
    target.storeBytes(of: text.high.littleEndian, toByteOffset: 8, as: UInt64.self)
    count &+= text.count
    put(UInt8(ascii: "\""))
    needsComma = true
    return true
  }

  @inline(never)
  private mutating func writeLong(_ value: String) {
    if #available(macOS 26, iOS 26, tvOS 26, watchOS 26, visionOS 26, *) {
      // Unlike the view of its bytes, it does not hold on to the text meanwhile.
      return value.utf8Span.span.withUnsafeBufferPointer { write(quoted: $0) }
    }
    var value = value
    value.withUTF8 { write(quoted: $0) }
  }

  private mutating func write(quoted text: UnsafeBufferPointer<UInt8>) {
    reserve(text.count + 3)
    putComma()
    put(UInt8(ascii: "\""))
    if let source = text.baseAddress, !text.isEmpty {
      if copyPlain(UnsafeRawPointer(source), text.count) {
        count &+= text.count
      } else {
        putEscaped(text)
      }
    }
    reserve(1)
    put(UInt8(ascii: "\""))
    needsComma = true
  }

  /// Copies a text, for which there is room, behind `count`, and says whether it needs no escape.
  ///
  /// It goes word by word, the last of which overlaps the one before it.
  @inline(__always)
  private func copyPlain(_ source: UnsafeRawPointer, _ length: Int) -> Bool {
    let target = UnsafeMutableRawPointer(base + count)
    var index = 0
    if length >= 8 {
      while true {
        let word = source.loadUnaligned(fromByteOffset: index, as: UInt64.self)
        if Self.needsEscape(word) { return false }
        target.storeBytes(of: word, toByteOffset: index, as: UInt64.self)
        if index == length &- 8 { return true }
        index = min(index &+ 8, length &- 8)
      }
    }
    while index < length {
      let byte = source.load(fromByteOffset: index, as: UInt8.self)
      if Self.needsEscape(byte) { return false }
      target.storeBytes(of: byte, toByteOffset: index, as: UInt8.self)
      index &+= 1
    }
    return true
  }

  /// Whether any of eight bytes needs an escape.
  @inline(__always)
  private static func needsEscape(_ word: UInt64) -> Bool {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let tops: UInt64 = 0x8080_8080_8080_8080
    let quotes = word ^ (ones &* 0x22)
    let backslashes = word ^ (ones &* 0x5C)
    // Borrows may mark further bytes, but only where one is marked rightly.
    return
      (((word &- ones &* 0x20) & ~word) | ((quotes &- ones) & ~quotes)
      | ((backslashes &- ones) & ~backslashes))
      & tops != 0
  }

  @inline(__always)
  private static func needsEscape(_ byte: UInt8) -> Bool { byte < 0x20 || byte == 0x22 || byte == 0x5C }

  @inline(never)
  private mutating func putEscaped(_ text: UnsafeBufferPointer<UInt8>) {
    for byte in text {
      reserve(6)
      if Self.needsEscape(byte) { putEscape(of: byte) } else { put(byte) }
    }
  }

  /// Appends the escape of a byte, for which there is room.
  private mutating func putEscape(of byte: UInt8) {
    switch byte {
    case 0x08: put("\\b")
    case 0x09: put("\\t")
    case 0x0A: put("\\n")
    case 0x0C: put("\\f")
    case 0x0D: put("\\r")
    case 0x22: put("\\\"")
    case 0x5C: put("\\\\")
    default:
      put("\\u00")
      put(Self.hexDigit(byte >> 4))
      put(Self.hexDigit(byte & 15))
    }
  }

  private static func hexDigit(_ value: UInt8) -> UInt8 {
    value < 10 ? value + UInt8(ascii: "0") : value - 10 + UInt8(ascii: "a")
  }
}
