#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Reads `Retry-After`: how long a service asks to wait.
enum RetryAfter {
  /// The shortest wait that is taken from a service, for one that says 0 or a time that has passed.
  static let shortest = Duration.milliseconds(100)
  /// The longest wait that is taken from a service, some 68 years.
  private static let longestSeconds = Int64(Int32.max)

  /// A wait in seconds, or until an HTTP date; nil if the text is neither.
  static func duration(from text: String, now: Date) -> Duration? {
    if !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
      return .seconds(min(Int64(text) ?? .max, longestSeconds))
    }
    guard let date = date(from: text, now: now) else { return nil }
    let seconds = min(max(0, date.timeIntervalSince(now)), Double(longestSeconds))
    return .milliseconds(Int64(seconds * 1_000))
  }

  /// The time of an HTTP date in any of its three forms (RFC 9110 §5.6.7).
  private static func date(from text: String, now: Date) -> Date? {
    let parts = text.split { $0 == " " || $0 == "-" }.map(String.init)
    switch parts.count {
    case 6 where parts[5] == "GMT" && text.contains("-"):  // Sunday, 06-Nov-94 08:49:37 GMT
      guard parts[3].utf8.count == 2, let date = date("20" + parts[3], parts[2], parts[1], parts[4]) else {
        return nil
      }
      let fiftyYears = 50 * 365.25 * 86_400
      return date.timeIntervalSince(now) > fiftyYears
        ? Self.date("19" + parts[3], parts[2], parts[1], parts[4]) : date
    case 6 where parts[5] == "GMT":  // Sun, 06 Nov 1994 08:49:37 GMT
      return date(parts[3], parts[2], parts[1], parts[4])
    case 5:  // Sun Nov  6 08:49:37 1994
      return date(parts[4], parts[1], parts[2].utf8.count == 1 ? "0" + parts[2] : parts[2], parts[3])
    default:
      return nil
    }
  }

  private static func date(_ year: String, _ month: String, _ day: String, _ time: String) -> Date? {
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    guard let index = months.firstIndex(of: month) else { return nil }
    return Timestamp.date(from: "\(year)-\(index < 9 ? "0" : "")\(index + 1)-\(day)T\(time)Z")
  }
}
