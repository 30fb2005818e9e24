/// The longer texts that were read last, so that a list whose rows repeat them makes each of them once.
///
/// Off, and without memory of its own, until a list proves long.
struct RecentTexts {
  private struct Entry {
    var start = 0
    var length = 0
    var text = ""
  }

  /// As many as can be told apart by the upper bits of a 64-bit product.
  private static let countBits: UInt64 = 6
  /// A shorter text lies within its `String`, which costs no memory to make.
  static let shortest = 16

  private var entries: [Entry] = []

  @inline(__always)
  var isOn: Bool { !entries.isEmpty }

  mutating func turnOn() {
    if entries.isEmpty { entries = Array(repeating: Entry(), count: 1 << Self.countBits) }
  }

  /// The text of the bytes at `start`, made anew only if it is none of the recent ones.
  ///
  /// `base[start ..< start + length]` must be readable and valid UTF-8, and `base` the same for every call, so that
  /// what an entry says of earlier bytes holds; `length` must be at least ``shortest``.
  mutating func text(_ base: UnsafePointer<UInt8>, start: Int, length: Int) -> String {
    let first = Self.word(base, start)
    let last = Self.word(base, start &+ length &- 8)
    let mixed = (first &* 0x9E37_79B9_7F4A_7C15) ^ (last &* 0xC2B2_AE3D_27D4_EB4F) &+ UInt64(length)
    let slot = Int((mixed &* 0x9E37_79B9_7F4A_7C15) &>> (64 &- Self.countBits))
    if entries[slot].length == length, Self.isSame(base, start, entries[slot].start, length) {
      return entries[slot].text
    }
    let text = String(decoding: UnsafeBufferPointer(start: base + start, count: length), as: UTF8.self)
    entries[slot] = Entry(start: start, length: length, text: text)
    return text
  }

  @inline(__always)
  private static func word(_ base: UnsafePointer<UInt8>, _ offset: Int) -> UInt64 {
    UnsafeRawPointer(base + offset).loadUnaligned(as: UInt64.self)
  }

  /// Whether `length` bytes, 8 or more, are the same in both places; the last comparison overlaps the one before it.
  @inline(__always)
  private static func isSame(_ base: UnsafePointer<UInt8>, _ lhs: Int, _ rhs: Int, _ length: Int) -> Bool {
    var index = 0
    while index < length &- 8 {
      guard word(base, lhs &+ index) == word(base, rhs &+ index) else { return false }
      index &+= 8
    }
    return word(base, lhs &+ length &- 8) == word(base, rhs &+ length &- 8)
  }
}
