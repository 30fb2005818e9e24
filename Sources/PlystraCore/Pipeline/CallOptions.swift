/// What a call may be told beyond its client's configuration.
struct CallOptions: Sendable {
  var deadline: Duration
  var attemptTimeout: Duration
  var retryPolicy: PlystraClient.RetryPolicy

  init(_ configuration: PlystraClient.Configuration) {
    deadline = configuration.deadline
    attemptTimeout = configuration.attemptTimeout
    retryPolicy = configuration.retryPolicy
  }

  /// Longer deadlines are cut to this, so that no clock overflows.
  private static let longestDeadline = Duration.seconds(365 * 86_400)

  /// The deadline within what a clock can count.
  var boundedDeadline: Duration { min(deadline, Self.longestDeadline) }

  /// - Throws: ``PlystraError`` of kind `configuration`, for a policy that came with a scoped copy.
  func validate(operation: String) throws {
    do {
      try retryPolicy.validate()
    } catch var error as PlystraError {
      error.operation = operation
      throw error
    }
  }
}
