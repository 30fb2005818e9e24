#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The check of the header lines of one response, trailers included: each is a field, and together they say once how long
/// the body is (RFC 9112 §5, §6.3).
///
/// Clients that read different lengths from one head disagree about where the next response begins. libcurl takes a number
/// with anything after it, and of several numbers the last.
struct HeaderLineCheck {
  private var length: Int64?
  private var isEncoded = false
  /// Whether the last line was one of the fields that frame the body.
  private var isOpen = false

  /// Reads a line with its end, and returns why the response is refused, if it is.
  ///
  /// - Parameter isInterim: whether the status of the response is 1xx.
  mutating func read(_ line: UnsafeBufferPointer<UInt8>, isInterim: Bool) -> String? {
    guard let start = line.baseAddress, let first = line.first else { return nil }
    if Self.isSpace(first) {
      return isOpen ? "a header field that frames the body continues on a second line" : nil
    }
    isOpen = false
    guard let colon = memchr(start, Int32(UInt8(ascii: ":")), line.count) else {
      return "a header line of the response has no colon"
    }
    let nameCount = UnsafeRawPointer(colon) - UnsafeRawPointer(start)
    if nameCount > 0, Self.isSpace(line[nameCount - 1]) {
      return "a header field of the response has white space before its colon"
    }
    if Self.hasName("content-length", line, count: nameCount) {
      guard let new = Self.length(line[(nameCount + 1)...]) else { return "Content-Length is not a number" }
      if let length, length != new { return "there are two Content-Length fields that differ" }
      length = new
    } else if Self.hasName("transfer-encoding", line, count: nameCount) {
      isEncoded = true
    } else {
      return nil
    }
    isOpen = true
    // libcurl may take it for the length of the final response.
    if isInterim { return "an interim response announces a body" }
    return length != nil && isEncoded ? "there are both Content-Length and Transfer-Encoding" : nil
  }

  /// Whether a field, whose name has so many bytes, has this name in letters of any case.
  private static func hasName(_ name: StaticString, _ line: UnsafeBufferPointer<UInt8>, count: Int) -> Bool {
    // The bit 0x20 tells small letters from capital ones.
    count == name.utf8CodeUnitCount && name.withUTF8Buffer { zip(line, $0).allSatisfy { $0 | 0x20 == $1 } }
  }

  /// The number that a value is, with white space around it.
  private static func length(_ value: Slice<UnsafeBufferPointer<UInt8>>) -> Int64? {
    let text = value.drop(while: isSpace)
    let digits = text.prefix { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
    guard text[digits.endIndex...].allSatisfy(isSpace) else { return nil }
    // Nil without a digit, and beyond the largest number.
    return Int64(String(decoding: digits, as: UTF8.self))
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), UInt8(ascii: "\n"): true
    default: false
    }
  }
}
