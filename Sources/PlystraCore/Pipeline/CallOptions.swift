/// What a call may be told beyond its client's configuration.
struct CallOptions: Sendable {
  var deadline: Duration
  var attemptTimeout: Duration
  var retryPolicy: RetryPolicy

  init(_ configuration: Configuration) {
    deadline = configuration.deadline
    attemptTimeout = configuration.attemptTimeout
    retryPolicy = configuration.retryPolicy
  }
}
