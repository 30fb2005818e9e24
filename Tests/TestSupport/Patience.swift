import Foundation

extension Duration {
  /// How long a test waits for what takes no time on an idle machine: so long that only a hang takes longer, even
  /// among a thousand other tests on a machine that others use too.
  package static let patience = Duration.seconds(Sanitizer.isActive ? 600 : 240)
}

/// After how many minutes a test must have hung that does not notice it itself: more than one wait in vain takes.
package let minutesOfAHang = Sanitizer.isActive ? 30 : 10

/// What a sanitizer changes for tests.
package enum Sanitizer {
  /// Whether this process runs under one, and so is several times slower and larger than usual.
  package static let isActive = dlsym(dlopen(nil, RTLD_NOW), "__sanitizer_print_stack_trace") != nil

  /// What times in tests are multiplied by.
  package static var slowdown: Int { isActive ? 5 : 1 }

  /// How many of those that do the same at once there are, so that the whole takes no longer under one.
  package static func crowd(_ count: Int) -> Int { isActive ? count / 10 : count }
}

/// Runs a scenario until it once takes no longer than it may, or patience ends: a machine that has other work to do needs
/// some tries, and what is slow by itself is so every time.
///
/// - Parameters:
///   - limit: how long it may take, multiplied under a sanitizer.
///   - scenario: measures and returns what counts.
/// - Returns: the shortest time seen, and the limit that it must not exceed.
package func shortestTime(
  within limit: Duration, _ scenario: () async throws -> Duration
) async throws -> (taken: Duration, allowed: Duration) {
  let allowed = limit * Sanitizer.slowdown
  let end = ContinuousClock.now + .patience
  var shortest = try await scenario()
  var pause = Duration.milliseconds(50)
  while shortest > allowed, .now < end {
    // What keeps the machine busy is most often other tests, which trying at once would keep busy for longer.
    try await Task.sleep(for: pause)
    pause = min(pause * 2, .seconds(2))
    shortest = min(shortest, try await scenario())
  }
  return (shortest, allowed)
}

/// Runs a scenario until it comes out right: one that measures time is wrong by chance on a machine that has other work to
/// do, and what is wrong by itself is so every time.
///
/// - Returns: the first result that is right, or the last of all.
package func anyOf<Result>(
  tries: Int = 5, _ scenario: () async throws -> Result, until isRight: (Result) -> Bool
) async rethrows -> Result {
  var result = try await scenario()
  for _ in 1..<tries where !isRight(result) { result = try await scenario() }
  return result
}
