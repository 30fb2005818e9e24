/// Takes an RFC 3339 timestamp apart from its front, without asking whether its parts make a moment.
struct TimestampParser {
  /// The numbers of a timestamp; the fraction in microseconds, further digits cut, and the offset in seconds.
  struct Moment {
    var year, month, day, hour, minute, second, micros, offset: Int
  }

  let text: UnsafeBufferPointer<UInt8>
  private var position = 0

  init(text: UnsafeBufferPointer<UInt8>) { self.text = text }

  /// The whole text, or nil if it is not a timestamp.
  mutating func moment() -> Moment? {
    guard let century = pair(), let rest = pair(), skip("-"), let month = pair(), skip("-"), let day = pair(),
      skip("T") || skip("t") || skip(" "), let hour = pair(), skip(":"), let minute = pair(), skip(":"),
      let second = pair(), let micros = fraction(), let offset = offset(), position == text.count
    else { return nil }
    return Moment(
      year: century * 100 + rest, month: month, day: day, hour: hour, minute: minute, second: second,
      micros: micros, offset: offset)
  }

  private mutating func skip(_ character: Unicode.Scalar) -> Bool {
    guard position < text.count, text[position] == UInt8(ascii: character) else { return false }
    position &+= 1
    return true
  }

  private mutating func digit() -> Int? {
    guard position < text.count, text[position] &- 0x30 < 10 else { return nil }
    position &+= 1
    return Int(text[position &- 1] &- 0x30)
  }

  /// A number of two digits.
  private mutating func pair() -> Int? {
    guard let tens = digit(), let ones = digit() else { return nil }
    return tens &* 10 &+ ones
  }

  /// The fraction of a second in microseconds; 0 if there is none.
  private mutating func fraction() -> Int? {
    guard skip(".") else { return 0 }
    var value = 0
    var count = 0
    while let digit = digit() {
      count += 1
      if count <= 6 { value = value * 10 + digit }
    }
    guard (1...9).contains(count) else { return nil }
    for _ in min(count, 6)..<6 { value *= 10 }
    return value
  }

  /// The offset from UTC in seconds.
  private mutating func offset() -> Int? {
    if skip("Z") || skip("z") { return 0 }
    let isNegative = skip("-")
    guard isNegative || skip("+"), let hours = pair(), skip(":"), let minutes = pair(), hours < 24,
      minutes < 60
    else { return nil }
    return (isNegative ? -1 : 1) * (hours * 3_600 + minutes * 60)
  }
}
