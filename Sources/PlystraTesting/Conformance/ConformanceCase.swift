import PlystraCore

extension TransportConformance {
  /// The name of a case.
  ///
  /// ``network`` lists those of ``run(_:cases:excluding:bounds:shutDown:)``, ``offline`` those of
  /// ``runOffline(cases:excluding:bounds:_:)``.
  public struct Case: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
    /// The name, such as `redirects-left-alone`.
    public let rawValue: String
    /// Makes a name of its text.
    public init(rawValue: String) { self.rawValue = rawValue }
    /// The name.
    public var description: String { OneLine.text(rawValue) }

    /// What the contract wants, in a sentence; empty for a name that no case has.
    public var requirement: String { CaseText.all[self]?.requirement ?? "" }
    /// What to do about a violation.
    var fix: String { CaseText.all[self]?.fix ?? "" }

    /// What is said about bounds that make no sense.
    static let bounds = Case(rawValue: "bounds")
  }
}

// MARK: Answers

extension TransportConformance.Case {
  /// Every status from 200 to 599 is returned.
  public static let statusesReturned = Self(rawValue: "statuses-returned")
  /// A 401 that asks for a log-in is returned like any other.
  public static let challengesReturned = Self(rawValue: "challenges-returned")
  /// No redirect is followed.
  public static let redirectsLeftAlone = Self(rawValue: "redirects-left-alone")
  /// Interim answers (100, 103) are skipped.
  public static let interimAnswersSkipped = Self(rawValue: "interim-answers-skipped")
  /// An answer that switches protocols (101) is an error.
  public static let protocolSwitchRefused = Self(rawValue: "protocol-switch-refused")
  /// Header fields of the same name are kept apart and in order.
  public static let duplicateHeadersKept = Self(rawValue: "duplicate-headers-kept")
  /// Empty, long and oddly named header fields are kept.
  public static let oddHeadersKept = Self(rawValue: "odd-headers-kept")
  /// Header fields without a space behind the colon are read.
  public static let unspacedHeadersRead = Self(rawValue: "unspaced-headers-read")
  /// Cookies are not stored.
  public static let cookiesForgotten = Self(rawValue: "cookies-forgotten")

  // MARK: Bodies

  /// Answers without a body have an empty one.
  public static let emptyBodiesReturned = Self(rawValue: "empty-bodies-returned")
  /// Large bodies arrive byte for byte.
  public static let largeBodiesReturned = Self(rawValue: "large-bodies-returned")
  /// Bodies in chunks are put together.
  public static let chunkedBodiesReturned = Self(rawValue: "chunked-bodies-returned")
  /// Fields behind a body in chunks do no harm.
  public static let chunkedTrailersSkipped = Self(rawValue: "chunked-trailers-skipped")
  /// Bodies that end with the connection are returned, also those of HTTP/1.0.
  public static let closeDelimitedBodiesReturned = Self(rawValue: "close-delimited-bodies-returned")
  /// A compressed body is decoded if compression was asked for.
  public static let compressedBodiesDecoded = Self(rawValue: "compressed-bodies-decoded")

  // MARK: Requests

  /// Method, path and query arrive as they were given.
  public static let requestLineAsGiven = Self(rawValue: "request-line-as-given")
  /// The header fields arrive as they were given, and no others.
  public static let requestHeadersAsGiven = Self(rawValue: "request-headers-as-given")
  /// The body arrives byte for byte.
  public static let requestBodyAsGiven = Self(rawValue: "request-body-as-given")
  /// Line ends in a method, URL or header field do not reach the wire.
  public static let injectionRefused = Self(rawValue: "injection-refused")
  /// Header fields that say where a request goes or where its body ends are refused.
  public static let framingFieldsRefused = Self(rawValue: "framing-fields-refused")
  /// URLs that are neither http nor https are refused.
  public static let otherSchemesRefused = Self(rawValue: "other-schemes-refused")

  // MARK: Limits

  /// A body beyond the limit is refused as soon as it exceeds it.
  public static let bodyLimitKept = Self(rawValue: "body-limit-kept")
  /// The limit counts decoded bytes.
  public static let bodyLimitCountsDecodedBytes = Self(rawValue: "body-limit-counts-decoded-bytes")
  /// A head without end is given up.
  public static let headLimitKept = Self(rawValue: "head-limit-kept")
  /// A server that never answers runs into the timeout.
  public static let timeoutWithoutAnswer = Self(rawValue: "timeout-without-answer")
  /// A body that drips does not put off the timeout.
  public static let timeoutWhileDripping = Self(rawValue: "timeout-while-dripping")
  /// A body that stalls runs into the timeout.
  public static let timeoutInStalledBody = Self(rawValue: "timeout-in-stalled-body")
  /// A timeout of zero has passed already.
  public static let timeoutOfZero = Self(rawValue: "timeout-of-zero")
  /// A timeout of many years is kept.
  public static let timeoutOfYears = Self(rawValue: "timeout-of-years")

  // MARK: Cancellation

  /// A task that was cancelled before sends nothing.
  public static let cancelledBefore = Self(rawValue: "cancelled-before")
  /// A task that is cancelled while it waits for the answer ends at once.
  public static let cancelledWhileWaiting = Self(rawValue: "cancelled-while-waiting")
  /// A task that is cancelled within the body ends at once.
  public static let cancelledInBody = Self(rawValue: "cancelled-in-body")
  /// A cancellation after the answer harms no later request.
  public static let cancelledAfter = Self(rawValue: "cancelled-after")
  /// A cancelled request does not disturb others.
  public static let cancellationSparesOthers = Self(rawValue: "cancellation-spares-others")

  // MARK: Faults

  /// A refused connection is an error of kind `connect`.
  public static let refusedConnection = Self(rawValue: "refused-connection")
  /// A host without an address is an error of kind `resolve`.
  public static let unknownHost = Self(rawValue: "unknown-host")
  /// A connection that closes before the answer is an error of kind `reset`.
  public static let closedBeforeAnswer = Self(rawValue: "closed-before-answer")
  /// A connection that is reset before the answer is an error of kind `reset`.
  public static let resetBeforeAnswer = Self(rawValue: "reset-before-answer")
  /// A connection that closes inside the head is an error.
  public static let closedInHead = Self(rawValue: "closed-in-head")
  /// A body that ends before its length is never returned.
  public static let truncatedBodyRefused = Self(rawValue: "truncated-body-refused")
  /// A body in chunks that ends before the last one is never returned.
  public static let truncatedChunksRefused = Self(rawValue: "truncated-chunks-refused")
  /// A body that a reset cuts off is never returned.
  public static let resetInBody = Self(rawValue: "reset-in-body")
  /// What is not HTTP is an error of kind `protocolViolation`.
  public static let otherProtocolsRefused = Self(rawValue: "other-protocols-refused")
  /// No error quotes a credential.
  public static let secretsKeptOutOfErrors = Self(rawValue: "secrets-kept-out-of-errors")

  // MARK: Connections

  /// Many requests are under way at once.
  public static let concurrentRequests = Self(rawValue: "concurrent-requests")
  /// A connection serves one request after another.
  public static let connectionsReused = Self(rawValue: "connections-reused")
  /// A request that may not be resent arrives once.
  public static let sentOnce = Self(rawValue: "sent-once")
  /// A transport that was shut down refuses requests.
  public static let shutDown = Self(rawValue: "shut-down")
}

extension TransportConformance.Case {
  /// The cases of a transport that speaks to servers, in the order in which they run.
  public static let network: [Self] = [
    statusesReturned, challengesReturned, redirectsLeftAlone, interimAnswersSkipped, protocolSwitchRefused,
    duplicateHeadersKept, oddHeadersKept, unspacedHeadersRead, cookiesForgotten, emptyBodiesReturned,
    largeBodiesReturned, chunkedBodiesReturned, chunkedTrailersSkipped, closeDelimitedBodiesReturned,
    compressedBodiesDecoded, requestLineAsGiven, requestHeadersAsGiven, requestBodyAsGiven, injectionRefused,
    framingFieldsRefused, otherSchemesRefused, bodyLimitKept, bodyLimitCountsDecodedBytes, headLimitKept,
    timeoutWithoutAnswer, timeoutWhileDripping, timeoutInStalledBody, timeoutOfZero, timeoutOfYears,
    cancelledBefore, cancelledWhileWaiting, cancelledInBody, cancelledAfter, cancellationSparesOthers,
    refusedConnection, unknownHost, closedBeforeAnswer, resetBeforeAnswer, closedInHead, truncatedBodyRefused,
    truncatedChunksRefused, resetInBody, otherProtocolsRefused, secretsKeptOutOfErrors, concurrentRequests,
    connectionsReused, sentOnce, shutDown,
  ]

  /// The cases of a transport without a network, in the order in which they run.
  public static let offline: [Self] = [
    statusesReturned, redirectsLeftAlone, duplicateHeadersKept, emptyBodiesReturned, largeBodiesReturned,
    bodyLimitKept, timeoutOfZero, timeoutOfYears, cancelledBefore, concurrentRequests,
  ]
}
