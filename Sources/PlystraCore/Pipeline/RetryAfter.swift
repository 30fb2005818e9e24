#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Reads how long a service asks to wait.
enum RetryAfter {
  /// The shortest wait that is taken from a service, for one that says 0 or a moment that has passed.
  static let shortest = Duration.milliseconds(100)

  /// A wait in seconds, or until an HTTP date; nil if the text is neither, or negative.
  static func duration(from text: String, now: Date) -> Duration? {
    if let seconds = Int64(text), seconds >= 0, seconds <= Int64(Int32.max) { return .seconds(seconds) }
    guard let date = date(from: text) else { return nil }
    return .milliseconds(Int64(max(0, date.timeIntervalSince(now)) * 1_000))
  }

  /// The moment of an HTTP date in its preferred form (RFC 9110 §5.6.7): `Sun, 06 Nov 1994 08:49:37 GMT`.
  private static func date(from text: String) -> Date? {
    let parts = text.split(separator: " ")
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    guard parts.count == 6, parts[5] == "GMT", let month = months.firstIndex(of: String(parts[2])) else {
      return nil
    }
    let twoDigits = month < 9 ? "0\(month + 1)" : "\(month + 1)"
    return Timestamp.date(from: "\(parts[3])-\(twoDigits)-\(parts[1])T\(parts[4])Z")
  }
}
