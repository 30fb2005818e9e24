import PlystraCore

/// One case being played against one transport: its servers, its requests and what it found.
///
/// Used by one task.
final class Trial {
  typealias Violation = TransportConformance.Violation

  let name: TransportConformance.Case
  let bounds: TransportConformance.Bounds
  /// What is tried; offline cases set another one for each question.
  var transport: any HTTPTransport = NoTransport()
  private(set) var servers: [ScriptedServer] = []
  private(set) var violations: [Violation] = []

  init(_ name: TransportConformance.Case, bounds: TransportConformance.Bounds) {
    self.name = name
    self.bounds = bounds
  }

  // MARK: Servers and requests

  /// Starts a server, which runs until the case is over.
  func serve(_ script: @escaping ScriptedServer.Script) throws -> ScriptedServer {
    let server = try ScriptedServer(script)
    servers.append(server)
    return server
  }

  /// Starts a server that answers every request by a closure, and keeps its connections open.
  func serve(
    answering answer: @escaping @Sendable (_ request: ScriptedRequest) -> TransportResponse
  ) throws -> ScriptedServer {
    try serve { connection in
      while let request = try connection.readRequest() { try connection.send(answer(request)) }
    }
  }

  /// Starts a server that reads one request on each connection and answers with these bytes.
  func serve(_ bytes: [UInt8]) throws -> ScriptedServer {
    try serve { connection in
      if try connection.readRequest() != nil { try connection.send(bytes) }
    }
  }

  /// A GET that has time enough, unless it is said how much it has.
  func request(
    _ url: String, headers: TransportHeaders = TransportHeaders(), timeout: Duration? = nil,
    limit: Int = 1 << 20,
    mayBeResent: Bool = false
  ) -> TransportRequest {
    request("GET", url, headers: headers, timeout: timeout, limit: limit, mayBeResent: mayBeResent)
  }

  /// A request of any method, which has time enough unless it is said how much it has.
  func request(
    _ method: String, _ url: String, headers: TransportHeaders = TransportHeaders(), body: [UInt8]? = nil,
    timeout: Duration? = nil, limit: Int = 1 << 20, mayBeResent: Bool = false
  ) -> TransportRequest {
    TransportRequest(
      method: method, url: url, headers: headers, body: body, timeout: timeout ?? bounds.patience * 2,
      maximumResponseBytes: limit, mayBeResent: mayBeResent)
  }

  /// Begins to send.
  func begin(_ request: TransportRequest) -> Sending {
    Sending(request, through: transport, patience: bounds.patience)
  }

  /// Sends, and waits for the end.
  func send(_ request: TransportRequest) async -> Sending.Result { await begin(request).result() }

  // MARK: Findings

  /// Puts down a violation; without `expected`, what the case as a whole is about.
  func report(_ seen: String, expected: String? = nil) {
    violations.append(
      Violation(name: name, seen: seen, expected: expected ?? name.requirement, fix: name.fix))
  }

  /// Checks that there was an answer of a status; returns it.
  @discardableResult
  func expectAnswer(
    _ result: Sending.Result, status: Int = 200, when situation: String
  ) -> TransportResponse? {
    guard case .answered(let response) = result.outcome, response.status == status else {
      report("\(situation): \(result.outcome.text)", expected: "an answer of status \(status)")
      return nil
    }
    return response
  }

  /// Checks that the answer to a request was of status 200 and had this body.
  func expectBody(_ result: Sending.Result, _ body: [UInt8], when situation: String) {
    guard let response = expectAnswer(result, when: situation), response.body != body else { return }
    report(
      "\(situation): a body of \(response.body.count) bytes came, which are not those that were sent",
      expected: "the \(body.count) bytes that were sent")
  }

  /// Checks that the transport gave up with an error of one of these kinds.
  ///
  /// - Parameter sent: what `mayHaveBeenSent` must say; nil if both will do.
  func expectFailure(
    _ result: Sending.Result, _ kinds: [TransportError.Kind], sent: Bool? = nil, when situation: String
  ) {
    if case .failed(let error) = result.outcome, kinds.contains(error.kind),
      sent == nil || error.mayHaveBeenSent == sent
    {
      return
    }
    let names = kinds.map(\.rawValue).joined(separator: " or ")
    let flag = sent.map { ", mayHaveBeenSent: \($0)" } ?? ""
    report("\(situation): \(result.outcome.text)", expected: "a TransportError(\(names)\(flag))")
  }

  /// Checks that the transport threw `CancellationError`.
  func expectCancellation(_ result: Sending.Result, when situation: String) {
    if case .cancelled = result.outcome { return }
    report("\(situation): \(result.outcome.text)", expected: "CancellationError, as it is")
  }

  /// Checks that something took no longer than it may.
  func expectDuration(_ duration: Duration, atMost limit: Duration, when situation: String) {
    if duration > limit {
      report("\(situation): it took \(duration)", expected: "no more than \(limit)")
    }
  }

  /// Checks how many requests a server has seen.
  func expectRequests(_ server: ScriptedServer, _ count: Int, when situation: String) {
    let seen = server.journal.log.requests.count
    if seen != count {
      report("\(situation): the server saw \(seen) requests", expected: "\(count)")
    }
  }
}

/// What a trial has before it is given a transport.
private struct NoTransport: HTTPTransport {
  func send(_ request: TransportRequest) async throws -> TransportResponse {
    throw TransportError(kind: .other, message: "the case has no transport yet", mayHaveBeenSent: false)
  }
}
