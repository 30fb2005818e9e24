/// The options of a call: those of its client's configuration, or of a scoped copy.
struct CallOptions: Sendable {
  var deadline: Duration
  let attemptTimeout: Duration
  private(set) var retryPolicy: PlystraClient.RetryPolicy
  /// Why no call can be made: the retry policy of a scoped copy is out of range.
  private var retryPolicyError: (any Error)?

  /// The options of a configuration that was validated.
  init(_ configuration: PlystraClient.Configuration) {
    deadline = configuration.deadline
    attemptTimeout = configuration.attemptTimeout
    retryPolicy = configuration.retryPolicy
  }

  /// Longer deadlines are cut to this, so that no clock overflows.
  private static let longestDeadline = Duration.seconds(365 * 86_400)

  /// The deadline within what a clock can count.
  var boundedDeadline: Duration { min(deadline, Self.longestDeadline) }

  /// Sets a retry policy; if it is out of range, ``check(operation:)`` throws.
  mutating func setRetryPolicy(_ policy: PlystraClient.RetryPolicy) {
    retryPolicy = policy
    retryPolicyError = nil
    do { try policy.validate() } catch { retryPolicyError = error }
  }

  /// - Throws: ``PlystraError`` of kind `configuration`, if the retry policy is out of range.
  func check(operation: String) throws {
    guard let retryPolicyError else { return }
    guard var error = retryPolicyError as? PlystraError else { throw retryPolicyError }
    error.operation = operation
    throw error
  }
}
