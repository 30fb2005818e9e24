public import PlystraCore

/// What a ``MockTransport`` answers to one request.
///
/// Typed answers come in the service's envelope, with the request's own id:
///
/// ```swift
/// mock.on(.authzCheck).answer(.decision(.deny(.scopeOutOfBounds)))
/// mock.on(.auditList).answer(.auditPage(rows))
/// mock.on(.authRefresh).script(.error(.notReady), .failure(.reset), .tokens(pair).delayed(by: .seconds(1)))
/// ```
public struct MockAnswer: Sendable, CustomStringConvertible {
  /// The answer in words.
  public let description: String
  private let make: @Sendable (TransportRequest, RecordedRequest) async throws -> TransportResponse
  /// How long it takes; nil is for ever.
  private(set) var delay: Duration? = .zero
  private var extraHeaders = TransportHeaders()

  init(
    _ description: String,
    make: @escaping @Sendable (TransportRequest, RecordedRequest) async throws -> TransportResponse
  ) {
    self.description = OneLine.text(description, atMost: .max)
    self.make = make
  }

  // MARK: Answers of any form

  /// A response as it is.
  public static func response(_ response: TransportResponse) -> MockAnswer {
    MockAnswer("status \(response.status)") { _, _ in response }
  }

  /// A status with any text, such as a proxy sends.
  public static func status(
    _ status: Int, text: String = "", headers: TransportHeaders = TransportHeaders()
  ) -> MockAnswer {
    MockAnswer("status \(status)") { _, _ in
      TransportResponse(status: status, headers: headers, body: Array(text.utf8))
    }
  }

  /// Any JSON, without an envelope.
  public static func json(_ body: JSONValue, status: Int = 200) -> MockAnswer {
    MockAnswer("JSON with status \(status)") { _, _ in
      TransportResponse(
        status: status, headers: ["Content-Type": "application/json"], body: body.serialized())
    }
  }

  /// Any JSON as the data of an envelope.
  public static func data(_ data: JSONValue, status: Int = 200) -> MockAnswer {
    MockAnswer("data with status \(status)") { _, request in
      MockEnvelope(request).success(data, status: status)
    }
  }

  // MARK: Failures

  /// A failure of the transport.
  ///
  /// - Parameters:
  ///   - kind: what failed.
  ///   - mayHaveBeenSent: whether the request may have reached the service; when nil, it cannot have if the host was
  ///     not found, could not be connected to, or failed to prove who it is.
  ///   - message: the failure in words.
  public static func failure(
    _ kind: TransportError.Kind, mayHaveBeenSent: Bool? = nil,
    message: String = "the mock fails as it was told"
  ) -> MockAnswer {
    let unsent: [TransportError.Kind] = [.resolve, .connect, .tls, .shutDown]
    return .failure(
      TransportError(
        kind: kind, message: message, mayHaveBeenSent: mayHaveBeenSent ?? !unsent.contains(kind)))
  }

  /// A failure of the transport.
  public static func failure(_ error: TransportError) -> MockAnswer {
    MockAnswer("failure \(error.kind)") { _, _ in throw error }
  }

  /// No answer: the exchange ends when its time is over or its task is cancelled.
  public static var never: MockAnswer {
    var answer = MockAnswer("no answer, ever") { request, _ in throw TestTime.timeout(request.timeout) }
    answer.delay = nil
    return answer
  }

  // MARK: Answers made on the spot

  /// Whatever a closure makes of the request. It is given the credentials that the request carries.
  ///
  /// The closure keeps the request's timeout itself. An error that is neither `TransportError` nor
  /// `CancellationError` becomes a `TransportError` of kind `other`.
  public static func run(
    _ answer: @escaping @Sendable (TransportRequest) async throws -> TransportResponse
  ) -> MockAnswer {
    MockAnswer("what a closure makes") { request, _ in try await answer(request) }
  }

  /// What another transport answers, such as an ``InMemoryKernel``.
  public static func forward(to transport: any HTTPTransport) -> MockAnswer {
    MockAnswer("what another transport answers") { request, _ in try await transport.send(request) }
  }

  // MARK: Variations

  /// The same answer after a time, on the mock's clock. If the request's own time ends before, it ends as a timeout.
  public func delayed(by delay: Duration) -> MockAnswer {
    var answer = self
    answer.delay = delay
    return answer
  }

  /// The same answer with further header fields, in place of those of the same names.
  public func with(headers: TransportHeaders) -> MockAnswer {
    var answer = self
    for field in headers { answer.extraHeaders.add(field.name, field.value) }
    return answer
  }

  /// Makes the answer, as a transport would bring it.
  func response(
    to request: TransportRequest, _ recorded: RecordedRequest, time: TestTime
  ) async throws -> TransportResponse {
    let start = time.now()
    try await time.wait(delay ?? request.timeout, within: request.timeout)
    var request = request
    request.timeout -= max(time.now() - start, .zero)
    var response = try await make(request, recorded)
    for name in Set(extraHeaders.map(\.name)) { response.headers.remove(name) }
    for field in extraHeaders { response.headers.add(field.name, field.value) }
    return response
  }
}
