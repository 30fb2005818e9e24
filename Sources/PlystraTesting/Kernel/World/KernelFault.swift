public import PlystraCore

/// What a request meets in place of a kernel's answer, when a test has planned it to fail.
///
/// ```swift
/// kernel.fail(next: 2, with: .status(503))              // the next two requests, whatever they ask
/// kernel.fail(next: .authzCheck, with: .transportError(.reset))
/// kernel.fail(next: .actorSwitchMember, with: .answerLost())  // it happens, and nobody is told
/// ```
public struct KernelFault: Sendable {
  enum Effect: Sendable {
    /// An error in its envelope.
    case failure(KernelFailure)
    /// An answer as it stands.
    case response(TransportResponse)
    /// No answer, and nothing has happened.
    case noAnswer(TransportError)
    /// No answer, though the request was carried out.
    case answerLost(TransportError)
  }

  let effect: Effect

  /// An error answer in the service's envelope.
  ///
  /// - Parameters:
  ///   - status: 200…599; the service sends errors with 200 too. Any other number fails the request with a
  ///     `TransportError` that says so.
  ///   - code: the error's code; by default the one that the service uses with the status.
  ///   - message: the error's message.
  ///   - headers: further header fields, such as `Retry-After`.
  public static func status(
    _ status: Int, code: ErrorCode? = nil, message: String = "The kernel was told to fail.",
    headers: TransportHeaders = TransportHeaders()
  ) -> KernelFault {
    guard (200...599).contains(status) else {
      return .transportError(
        TransportError(
          kind: .other, message: "KernelFault.status takes 200…599, not \(status)", mayHaveBeenSent: false))
    }
    return KernelFault(
      effect: .failure(
        KernelFailure(
          status: status, code: (code ?? usualCode(of: status)).rawValue, message: message,
          headers: headers.map { ($0.name, $0.value) })))
  }

  /// An answer of your own, such as the HTML of a proxy.
  public static func response(_ response: TransportResponse) -> KernelFault {
    KernelFault(effect: .response(response))
  }

  /// No answer: the kernel has not seen the request. A client of a ``KernelServer`` finds its connection closed,
  /// whatever the error.
  public static func transportError(_ error: TransportError) -> KernelFault {
    KernelFault(effect: .noAnswer(error))
  }

  /// No answer, for a reason of this kind: the kernel has not seen the request.
  ///
  /// - Parameter kind: `resolve`, `connect` and `tls` say that nothing was sent, the others that it may have been.
  public static func transportError(_ kind: TransportError.Kind) -> KernelFault {
    transportError(planned(kind, mayHaveBeenSent: ![.resolve, .connect, .tls].contains(kind)))
  }

  /// The request is carried out, with its audit row and whatever else it does, and its answer is lost.
  public static func answerLost(_ kind: TransportError.Kind = .reset) -> KernelFault {
    KernelFault(effect: .answerLost(planned(kind, mayHaveBeenSent: true)))
  }

  private static func planned(_ kind: TransportError.Kind, mayHaveBeenSent: Bool) -> TransportError {
    TransportError(kind: kind, message: "the kernel was told to fail", mayHaveBeenSent: mayHaveBeenSent)
  }

  private static func usualCode(of status: Int) -> ErrorCode {
    switch status {
    case 400: .validationFailed
    case 401: .authenticationRequired
    case 403: .adminPermissionRequired
    case 405: .methodNotAllowed
    case 429: .authRateLimited
    case 503: .notReady
    default: .internalError
    }
  }
}

/// The failures that are yet to come, in the order in which they were planned.
struct PlannedFaults: Sendable {
  private struct Entry: Sendable {
    var left: Int
    let operation: ServiceOperation?
    let fault: KernelFault
  }

  private var entries: [Entry] = []

  var isEmpty: Bool { entries.isEmpty }

  /// How many requests are still to fail.
  var count: Int { entries.reduce(0) { $0 + $1.left } }

  mutating func add(_ fault: KernelFault, count: Int, operation: ServiceOperation?) {
    if count > 0 { entries.append(Entry(left: count, operation: operation, fault: fault)) }
  }

  /// Takes what a request for an operation is to meet; nil if it is to be answered.
  mutating func next(for operation: ServiceOperation?) -> KernelFault? {
    guard let index = entries.firstIndex(where: { $0.operation == nil || $0.operation == operation }) else {
      return nil
    }
    let fault = entries[index].fault
    entries[index].left -= 1
    if entries[index].left == 0 { entries.remove(at: index) }
    return fault
  }
}
