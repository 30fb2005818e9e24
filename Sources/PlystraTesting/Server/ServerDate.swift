#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The value of a `Date` field (RFC 9110 §5.6.7), made anew only when the second changes.
struct ServerDate {
  private var second: time_t = .min
  private var text: [UInt8] = []

  /// The bytes for this second, such as `Sun, 06 Nov 1994 08:49:37 GMT`.
  mutating func now() -> [UInt8] {
    let now = time(nil)
    if now != second {
      second = now
      text = Array(Self.format(now).utf8)
    }
    return text
  }

  /// Formats seconds since 1970.
  static func format(_ seconds: time_t) -> String {
    var seconds = seconds
    var parts = tm()
    gmtime_r(&seconds, &parts)
    let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    let months = [
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let time = "\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec))"
    return "\(days[Int(parts.tm_wday)]), \(two(parts.tm_mday)) \(months[Int(parts.tm_mon)])"
      + " \(parts.tm_year + 1900) \(time) GMT"
  }
}
