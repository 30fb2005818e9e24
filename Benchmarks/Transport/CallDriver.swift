import Foundation
import PlainLibcurl
import PlystraCore

/// Keeps a number of calls on their way, one task for each, and measures them.
struct CallDriver: Sendable {
  let call: nonisolated(nonsending) @Sendable () async throws -> Void

  /// What one task saw.
  private struct Counts {
    var made: UInt64 = 0
    var failed: UInt64 = 0
    var latencies: [UInt32] = []
  }

  func run(_ load: Load) async throws -> Tally {
    try await measure(load) { callers in
      await withTaskGroup(of: Void.self) { group in
        for caller in callers { group.addTask { await caller() } }
      }
    }
  }

  @available(macOS 15.0, iOS 18.0, tvOS 18.0, watchOS 11.0, *)
  func run(_ load: Load, on executor: any TaskExecutor) async throws -> Tally {
    try await measure(load) { callers in
      await withTaskGroup(of: Void.self) { group in
        for caller in callers { group.addTask(executorPreference: executor) { await caller() } }
      }
    }
  }

  private func measure(
    _ load: Load, _ run: ([@Sendable () async -> Void]) async -> Void
  ) async throws -> Tally {
    let collected = Locked(Counts())
    let meter = ProcessMeter()
    let end = plain_now() + load.nanoseconds
    let callers = (0..<load.inFlight).map { caller in
      let share = load.minimum / UInt64(load.inFlight)
      let count = share + (UInt64(caller) < load.minimum % UInt64(load.inFlight) ? 1 : 0)
      return { @Sendable in
        let counts = await makeCalls(atLeast: count, until: load.nanoseconds == 0 ? 0 : end)
        collected.withLock {
          $0.made += counts.made
          $0.failed += counts.failed
          $0.latencies += counts.latencies
        }
      }
    }
    await run(callers)
    let counts = collected.withLock { $0 }
    return meter.tally(
      answered: counts.made - counts.failed, failed: counts.failed,
      latencies: counts.latencies)
  }

  /// - Parameter end: when calls are begun no more; 0 makes exactly `count`, and measures none of them, so that the
  ///   memory of this process is that of the calls.
  private nonisolated(nonsending) func makeCalls(atLeast count: UInt64, until end: UInt64) async -> Counts {
    var counts = Counts()
    var begun = end > 0 ? plain_now() : 0
    while counts.made < count || begun < end {
      do {
        try await call()
      } catch {
        counts.failed += 1
      }
      counts.made += 1
      guard end > 0 else { continue }
      let now = plain_now()
      counts.latencies.append(UInt32(clamping: now - begun))
      begun = now
    }
    return counts
  }
}
