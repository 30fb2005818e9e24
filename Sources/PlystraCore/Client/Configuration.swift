extension PlystraClient {
  /// How a client behaves.
  public struct Configuration: Sendable {
    /// Time for a whole call: queueing, attempts, waits and bodies. More than 0; 10 s by default.
    public var deadline: Duration
    /// Time for one attempt, as far as the deadline leaves it. More than 0; 5 s by default.
    public var attemptTimeout: Duration
    /// Which failures are retried, and when.
    public var retryPolicy: RetryPolicy
    /// How many retries a client and all its copies may make beyond one for every ten successes: 0…1,000; 10 by
    /// default.
    public var retryBudget: Int
    /// The largest response to accept, in bytes after content decoding: 1 KiB or more; 4 MiB by default.
    public var maximumResponseBytes: Int
    /// What wraps each attempt, the first outermost.
    public var interceptors: [any Interceptor]
    /// What is called with the events of calls, attempts and retries.
    public var observer: (any ClientObserver)?
    /// The application's own name and version, such as `billing/2.3`, after the SDK's in `User-Agent`.
    public var userAgentSuffix: String?
    /// Header fields of every call. Credentials, the request id, and the fields that the SDK or a transport sets
    /// itself are refused.
    public var defaultHeaders: TransportHeaders
    /// Which request ids a response with data may name; ids of errors are taken as they come.
    public var answersRequestIDs: AnsweredRequestIDs
    /// The header that carries the request id in requests and responses, `X-Request-ID` by default. An operator can
    /// configure the service to read and write another (contract §6).
    ///
    /// The in-memory kernel and the mocks of `PlystraTesting` know the default only.
    public var requestIDHeader: String
    /// Whether credentials may travel over plain http to another machine, where anybody on the way can read them.
    public var allowsInsecureHTTP: Bool
    /// Whether a question that the service would refuse with status 400, or misread, is refused before anything is
    /// sent, by `AuthorizationRequest.validate(forAPIKey:)`; true by default.
    public var validatesRequests: Bool

    /// Makes a configuration with the defaults that each property names.
    public init(
      deadline: Duration = .seconds(10), attemptTimeout: Duration = .seconds(5),
      retryPolicy: RetryPolicy = .standard, retryBudget: Int = 10, maximumResponseBytes: Int = 4 << 20,
      interceptors: [any Interceptor] = [], observer: (any ClientObserver)? = nil,
      userAgentSuffix: String? = nil, defaultHeaders: TransportHeaders = TransportHeaders(),
      answersRequestIDs: AnsweredRequestIDs = .asSent, requestIDHeader: String = "X-Request-ID",
      allowsInsecureHTTP: Bool = false, validatesRequests: Bool = true
    ) {
      self.deadline = deadline
      self.attemptTimeout = attemptTimeout
      self.retryPolicy = retryPolicy
      self.retryBudget = retryBudget
      self.maximumResponseBytes = maximumResponseBytes
      self.interceptors = interceptors
      self.observer = observer
      self.userAgentSuffix = userAgentSuffix
      self.defaultHeaders = defaultHeaders
      self.answersRequestIDs = answersRequestIDs
      self.requestIDHeader = requestIDHeader
      self.allowsInsecureHTTP = allowsInsecureHTTP
      self.validatesRequests = validatesRequests
    }

    /// Which request ids a response with data may name (contract §6).
    public enum AnsweredRequestIDs: Sendable, Hashable {
      /// The id that was sent. A response that names another one belongs to another request, and a decision without
      /// any id may: both are errors of kind `decoding` with a ``ForeignResponse``, never a result.
      case asSent
      /// Any id, or none, for a service whose request ids something on the way replaces. A response that a connection
      /// out of step delivers to the wrong call is then recognised by a decision's audit record alone.
      case any
    }
  }
}

extension PlystraClient.Configuration {
  /// - Throws: ``PlystraError`` of kind `configuration`, naming the first setting that cannot be honoured.
  func validate() throws {
    guard deadline > .zero else { throw PlystraError.configuration("deadline", "must be more than 0") }
    guard attemptTimeout > .zero else {
      throw PlystraError.configuration("attemptTimeout", "must be more than 0")
    }
    guard maximumResponseBytes >= 1_024 else {
      throw PlystraError.configuration("maximumResponseBytes", "must be 1024 or more")
    }
    try retryPolicy.validate()
    guard (0...1_000).contains(retryBudget) else {
      throw PlystraError.configuration("retryBudget", "must be from 0 to 1000")
    }
    if let userAgentSuffix {
      guard !userAgentSuffix.isEmpty, HeaderSyntax.isValue(userAgentSuffix) else {
        throw PlystraError.configuration(
          "userAgentSuffix", "use printable ASCII characters, such as billing/2.3, or nil for none")
      }
    }
    guard HeaderSyntax.isName(requestIDHeader), !HeaderSyntax.isReserved(requestIDHeader) else {
      throw PlystraError.configuration(
        "requestIDHeader", "use a header name that neither carries a credential nor is set by the SDK")
    }
    for field in defaultHeaders {
      guard HeaderSyntax.isName(field.name) else {
        throw PlystraError.configuration("defaultHeaders", "a name is not a valid header name")
      }
      guard !HeaderSyntax.isReserved(field.name), !isRequestID(field.name) else {
        throw PlystraError.configuration("defaultHeaders", "\(field.name) is set by the SDK; remove it")
      }
      guard HeaderSyntax.isValue(field.value) else {
        throw PlystraError.configuration(
          "defaultHeaders", "the value of \(field.name) is not printable ASCII, or has space around it")
      }
    }
  }

  /// `X-Request-ID` stays reserved where another header carries the id: the service may read both.
  private func isRequestID(_ name: String) -> Bool {
    [requestIDHeader, "X-Request-ID"].contains { TransportHeaders.namesMatch($0, name) }
  }

  /// The fields that every call carries, except credentials and the request's id.
  func commonHeaders() -> TransportHeaders {
    var headers = defaultHeaders
    headers.add("Accept", "application/json")
    let suffix = userAgentSuffix.map { " \($0)" } ?? ""
    headers.add("User-Agent", "plystra-swift/\(PlystraClient.version)\(suffix)")
    return headers
  }
}
