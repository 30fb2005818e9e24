import Foundation
import PlainLibcurl

/// Time and processor time since some moment, and the memory of this process.
struct ProcessMeter {
  private let start = plain_now()
  private let processor = plain_processor_time()

  func tally(answered: UInt64, failed: UInt64, latencies: some Sequence<UInt32>) -> Tally {
    let elapsed = plain_now() - start
    let used = plain_processor_time() - processor
    let sorted = latencies.sorted()
    func percentile(_ percent: Int) -> UInt64 {
      sorted.isEmpty ? 0 : UInt64(sorted[(sorted.count - 1) * percent / 100])
    }
    return Tally(
      answered: answered, failed: failed, elapsed: elapsed, processor: used, median: percentile(50),
      slowest: percentile(99), resident: Self.residentMemory(), peak: plain_peak_memory())
  }

  /// Bytes of memory that this process has now, where the system says it, or had at most.
  private static func residentMemory() -> UInt64 {
    #if os(Linux)
    let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
    let pages = text.split(separator: " ").dropFirst().first.flatMap { UInt64($0) } ?? 0
    return pages * UInt64(sysconf(Int32(_SC_PAGESIZE)))
    #else
    return plain_peak_memory()
    #endif
  }
}
