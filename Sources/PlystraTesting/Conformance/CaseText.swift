/// What a case wants, and what to do when it is violated.
struct CaseText: Sendable {
  let requirement: String
  let fix: String

  static let all: [TransportConformance.Case: CaseText] = answers.merging(bodies) { first, _ in first }
    .merging(requests) { first, _ in first }.merging(limits) { first, _ in first }
    .merging(endings) { first, _ in first }.merging(connections) { first, _ in first }

  private init(_ requirement: String, _ fix: String) {
    self.requirement = requirement
    self.fix = fix
  }

  private static let answers: [TransportConformance.Case: CaseText] = [
    .statusesReturned: CaseText(
      "every status from 200 to 599 is returned, with the body that came with it",
      "Return the response whatever its status; switch off what your HTTP client throws for some of them."),
    .challengesReturned: CaseText(
      "a 401 with WWW-Authenticate is returned after one request",
      "Switch off your HTTP client's authentication: credentials are stamped by the SDK alone."),
    .redirectsLeftAlone: CaseText(
      "a redirect is returned as it is, and nobody else sees a request",
      "Switch off following redirects: it would carry credentials to wherever a server says."),
    .interimAnswersSkipped: CaseText(
      "answers 100 and 103 are skipped, and the final one is returned",
      "Go on reading after a status from 100 to 199 other than 101, and forget its header fields."),
    .protocolSwitchRefused: CaseText(
      "an answer 101 is a TransportError of kind protocolViolation",
      "Refuse status 101: nothing asked for another protocol."),
    .duplicateHeadersKept: CaseText(
      "header fields of one name are returned one by one, in the order in which they came",
      "Add each field to TransportHeaders with add(_:_:) rather than by a dictionary."),
    .oddHeadersKept: CaseText(
      "header fields are returned with the value that they came with, without the space around it",
      "Take the text behind the first colon, trimmed of spaces and tabs, and nothing else away."),
    .unspacedHeadersRead: CaseText(
      "a header field needs no space behind its colon",
      "Split the line at its first colon (RFC 9112 §5.1)."),
    .cookiesForgotten: CaseText(
      "a cookie that an answer sets is not sent with a later request",
      "Switch off your HTTP client's store of cookies."),
  ]

  private static let bodies: [TransportConformance.Case: CaseText] = [
    .emptyBodiesReturned: CaseText(
      "answers to HEAD, those of status 204 and 304, and those of length 0 have an empty body",
      "Expect no body in these answers, whatever Content-Length says (RFC 9112 §6.3)."),
    .largeBodiesReturned: CaseText(
      "a body of several MiB is returned byte for byte",
      "Collect the body until its length is reached, however it is cut into pieces."),
    .chunkedBodiesReturned: CaseText(
      "a body in chunks is returned without their framing",
      "Decode Transfer-Encoding: chunked (RFC 9112 §7.1), extensions and all."),
    .chunkedTrailersSkipped: CaseText(
      "header fields behind a body in chunks do not disturb it, and do not count as header fields",
      "Read the lines behind the last chunk to the empty one, and drop them."),
    .closeDelimitedBodiesReturned: CaseText(
      "a body without a length ends with the connection, in HTTP/1.1 and HTTP/1.0",
      "Without Content-Length and chunks, read until the server closes (RFC 9112 §6.3)."),
    .compressedBodiesDecoded: CaseText(
      "a body that came compressed because the transport asked for it is returned decoded",
      "Decode what you ask for by Accept-Encoding, or do not ask."),
  ]

  private static let requests: [TransportConformance.Case: CaseText] = [
    .requestLineAsGiven: CaseText(
      "method, path and query arrive as they stand in the request",
      "Send the URL's path and query as they are: they are encoded already."),
    .requestHeadersAsGiven: CaseText(
      "the header fields arrive as they were given, with Host, the body's framing, Connection and Accept-Encoding besides",
      "Send every field of the request, and switch off those that your HTTP client adds, such as User-Agent."),
    .requestBodyAsGiven: CaseText(
      "the body arrives byte for byte, and a request without one has none",
      "Send the bytes as they are, with a Content-Length that counts them."),
    .injectionRefused: CaseText(
      "a request whose method, URL or header field holds a line end is a TransportError, and nothing is sent",
      "Refuse control characters before you connect: they would let a value add header fields or whole requests."
    ),
    .framingFieldsRefused: CaseText(
      "a request with the header field Host, Content-Length or Transfer-Encoding is a TransportError, and nothing is sent",
      "Refuse these names before you connect: a second one lets servers disagree about where the request ends."
    ),
    .otherSchemesRefused: CaseText(
      "a URL that is neither http nor https is a TransportError with mayHaveBeenSent false",
      "Check the scheme first, so that no URL can make your HTTP client read a file."),
  ]

  private static let limits: [TransportConformance.Case: CaseText] = [
    .bodyLimitKept: CaseText(
      "a body beyond maximumResponseBytes is a TransportError of kind responseTooLarge as soon as it exceeds them",
      "Count the bytes while they arrive, and close the connection at the first beyond the limit."),
    .bodyLimitCountsDecodedBytes: CaseText(
      "maximumResponseBytes counts decoded bytes",
      "Count the bytes behind the decoder: a few compressed ones can fill the memory."),
    .headLimitKept: CaseText(
      "a head without end is a TransportError before the timeout",
      "Limit the head, to 64 KiB say, and give up with responseTooLarge."),
    .timeoutWithoutAnswer: CaseText(
      "a server that never answers ends in a TransportError of kind timeout once request.timeout has passed",
      "Run a timer from the call of send on, and give up when it fires."),
    .timeoutWhileDripping: CaseText(
      "request.timeout is for the whole exchange, however often a byte arrives",
      "Do not begin the timer again with every byte: an idle timeout is not enough."),
    .timeoutInStalledBody: CaseText(
      "request.timeout goes on after the head has arrived",
      "Stop the timer when the body is complete, not when the head is."),
    .timeoutOfZero: CaseText(
      "a request that leaves no time is a TransportError of kind timeout, at once",
      "Check request.timeout before you connect; your HTTP client may take 0 for \"no limit\"."),
    .timeoutOfYears: CaseText(
      "a timeout of a thousand years is as good as any",
      "Convert the timeout without overflow: clamp what is too large for your timer."),
  ]

  private static let endings: [TransportConformance.Case: CaseText] = [
    .cancelledBefore: CaseText(
      "a task that is cancelled already gets CancellationError, and nothing is sent",
      "Begin with try Task.checkCancellation()."),
    .cancelledWhileWaiting: CaseText(
      "a task that is cancelled gets CancellationError without delay, and the connection is closed",
      "Use withTaskCancellationHandler to end the exchange, and throw CancellationError itself."),
    .cancelledInBody: CaseText(
      "a task that is cancelled within the body gets CancellationError without delay, and the connection is closed",
      "Keep the cancellation handler until the last byte has arrived."),
    .cancelledAfter: CaseText(
      "a cancellation that comes after the answer changes nothing",
      "Ignore cancellations of exchanges that have ended."),
    .cancellationSparesOthers: CaseText(
      "a cancellation ends one request only",
      "End the cancelled exchange alone, not the connection pool behind it."),
    .refusedConnection: CaseText(
      "a refused connection is a TransportError of kind connect with mayHaveBeenSent false",
      "Map your HTTP client's connection errors to connect: the SDK tries writes again after these only."),
    .unknownHost: CaseText(
      "a host name without an address is a TransportError of kind resolve with mayHaveBeenSent false",
      "Map your HTTP client's name resolution errors to resolve."),
    .closedBeforeAnswer: CaseText(
      "a connection that is closed before the answer is a TransportError of kind reset that may have been sent",
      "Map an end of the connection before the first byte of an answer to reset."),
    .resetBeforeAnswer: CaseText(
      "a connection that is reset before the answer is a TransportError of kind reset that may have been sent",
      "Map a broken connection before the first byte of an answer to reset."),
    .closedInHead: CaseText(
      "a connection that is closed inside the head is a TransportError that may have been sent",
      "Do not take the end of the connection for the end of the head."),
    .truncatedBodyRefused: CaseText(
      "a body that ends before Content-Length is a TransportError of kind truncated",
      "Compare what arrived with Content-Length before you return it: half a decision is none."),
    .truncatedChunksRefused: CaseText(
      "a body in chunks that ends before the last one is a TransportError of kind truncated",
      "Return a body in chunks only when its last chunk has arrived."),
    .resetInBody: CaseText(
      "a body that is cut off by a reset is a TransportError of kind truncated or reset",
      "Map a broken connection within the body to truncated."),
    .otherProtocolsRefused: CaseText(
      "an answer that is not HTTP is a TransportError of kind protocolViolation",
      "Refuse an answer that does not begin with HTTP/1."),
    .secretsKeptOutOfErrors: CaseText(
      "no error quotes a header field or body of the request",
      "Write messages of your own; do not print requests, or errors that hold them."),
  ]

  private static let connections: [TransportConformance.Case: CaseText] = [
    .concurrentRequests: CaseText(
      "requests to one host are under way at once, and each gets its own answer",
      "Open further connections, or raise your HTTP client's limit of connections to a host."),
    .connectionsReused: CaseText(
      "requests that may be resent and follow upon each other share connections",
      "Keep a connection open after an answer, and use it for the next request."),
    .sentOnce: CaseText(
      "a request with mayBeResent false arrives once",
      "Switch off retries, and send it on a connection that was not used before: HTTP clients resend silently when a "
        + "kept one turns out dead."),
    .shutDown: CaseText(
      "a transport that was shut down throws TransportError of kind shutDown with mayHaveBeenSent false",
      "Remember the shutdown, and refuse requests after it."),
  ]
}
