#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Locks an e-mail or a remote address after too many failed logins (contract §7).
struct LoginLimiter: Sendable {
  /// What failures are counted for.
  enum Key: Hashable, Sendable {
    case email(ExactText)
    case remoteAddress(String)
  }

  private static let failuresToLock = 8
  private static let window: TimeInterval = 15 * 60
  private static let lockout: TimeInterval = 15 * 60

  private var failures: [Key: [Date]] = [:]
  private var lockedUntil: [Key: Date] = [:]

  /// The seconds for which the longest lock among `keys` still holds, nil if none does.
  func secondsLocked(_ keys: [Key], now: Date) -> Int? {
    guard let end = keys.compactMap({ lockedUntil[$0] }).filter({ $0 > now }).max() else { return nil }
    return Int(end.timeIntervalSince(now).rounded(.up))
  }

  /// Counts a failure, and locks what has now failed too often.
  mutating func recordFailure(_ keys: [Key], now: Date) {
    for key in keys {
      let recent = (failures[key] ?? []).filter { now.timeIntervalSince($0) < Self.window } + [now]
      if recent.count >= Self.failuresToLock {
        lockedUntil[key] = now.addingTimeInterval(Self.lockout)
        failures[key] = nil
      } else {
        failures[key] = recent
      }
    }
  }

  /// Forgets the failures of `keys`.
  mutating func reset(_ keys: [Key]) {
    for key in keys {
      failures[key] = nil
      lockedUntil[key] = nil
    }
  }
}
