/// Makes texts of bytes that the reader has found to be right, without having them checked again.
enum CheckedText {
  /// The longest text that lies within its `String`, in bytes.
  static let longestShort = 15

  /// The text of `length` bytes of ASCII, at most ``longestShort``, at an address from which 16 bytes can be read.
  ///
  /// An initializer would take four times as long, and most of the texts of an answer are short.
  @inline(__always)
  static func short(at address: UnsafeRawPointer, length: Int) -> String {
    guard isLayoutKnown else {
      return String(decoding: UnsafeRawBufferPointer(start: address, count: length), as: UTF8.self)
    }
    let low = UInt64(littleEndian: address.loadUnaligned(as: UInt64.self))
    let high = UInt64(littleEndian: address.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
    let mask = mask(of: length)
    var words = words(low & mask.low, high & mask.high, length)
    // The two words are a `String`, as `isLayoutKnown` says, and own no memory.
    return withUnsafeMutablePointer(to: &words) {
      UnsafeMutableRawPointer($0).bindMemory(to: String.self, capacity: 1).move()
    }
  }

  /// The text of bytes that are valid UTF-8.
  @inline(__always)
  static func text(of bytes: UnsafeBufferPointer<UInt8>, isASCII: Bool) -> String {
    if #available(macOS 26, iOS 26, tvOS 26, watchOS 26, visionOS 26, *) {
      return String(copying: UTF8Span(unchecked: bytes.span, isKnownASCII: isASCII))
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The bytes of a text of ASCII that lies within its `String`.
  struct Short {
    /// The bytes it has room for, and that are written before it is known how many they are.
    static let room = 16

    let low: UInt64
    let high: UInt64
    let count: Int

    /// Which bits of `low` and `high` are bytes of the text; the others are zeroes.
    @inline(__always)
    var mask: (low: UInt64, high: UInt64) { CheckedText.mask(of: count) }
  }

  /// The bits of the first bytes of two words, of which there are 15 at most.
  @inline(__always)
  private static func mask(of count: Int) -> (low: UInt64, high: UInt64) {
    (count < 8 ? ~(~0 &<< (count &* 8)) : ~0, count <= 8 ? 0 : ~(~0 &<< (count &* 8 &- 64)))
  }

  /// The bytes of a text, if they are ASCII and lie within the `String`: no view of it gives them as fast.
  @inline(__always)
  static func short(in text: String) -> Short? {
    guard isLayoutKnown else { return nil }
    let words = unsafeBitCast(text, to: (UInt64, UInt64).self)
    guard words.1 >> 60 == 0xE else { return nil }
    return Short(low: words.0, high: words.1 & (~0 >> 8), count: Int(truncatingIfNeeded: words.1 >> 56) & 0xF)
  }

  /// The words of a `String` that holds ASCII in itself: the bytes, and behind them their count and what they are.
  @inline(__always)
  private static func words(_ low: UInt64, _ high: UInt64, _ length: Int) -> (UInt64, UInt64) {
    (low, high | (0xE0 | UInt64(truncatingIfNeeded: length)) << 56)
  }

  /// Whether a `String` consists of ``words(_:_:_:)`` here.
  ///
  /// Decided by the compiler, to which the literal is a constant; any other layout leads to the initializers.
  @inline(__always)
  private static var isLayoutKnown: Bool {
    guard MemoryLayout<String>.size == 16, MemoryLayout<String>.alignment == 8 else { return false }
    let known = unsafeBitCast("abcdefghijkl", to: (UInt64, UInt64).self)
    let made = words(0x6867_6665_6463_6261, 0x6C6B_6A69, 12)
    return known.0 == made.0 && known.1 == made.1
  }
}
