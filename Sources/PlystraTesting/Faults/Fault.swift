import PlystraCore

/// Something that goes wrong on the way to the service or back.
public struct Fault: Sendable, Hashable, CustomStringConvertible {
  /// Where on the way it goes wrong.
  enum Effect: Hashable {
    case none
    case latency(Duration)
    case failure(TransportError.Kind, afterSending: Bool)
    case timeout(afterSending: Bool)
    case status(Int, retryAfter: Int?)
    case cutBody
    case garbledBody
  }

  let effect: Effect
  /// The fault in words, such as `reset after sending`.
  public let description: String

  /// Nothing goes wrong.
  public static let none = Fault(effect: .none, description: "nothing")

  /// The answer comes, so much later than it would.
  public static func latency(_ duration: Duration) -> Fault {
    Fault(effect: .latency(duration), description: "latency of \(duration)")
  }

  /// No connection can be made: the service gets nothing.
  public static let connectFailure = Fault(
    effect: .failure(.connect, afterSending: false), description: "connect failure")

  /// The connection is reset before the request has left: the service gets nothing, and the error says so.
  public static let resetBeforeSending = Fault(
    effect: .failure(.reset, afterSending: false), description: "reset before sending")

  /// The connection is reset while the service answers: it has acted, and its answer is lost.
  public static let resetAfterSending = Fault(
    effect: .failure(.reset, afterSending: true), description: "reset after sending")

  /// The answer ends before it is complete, and the transport notices: the service has acted.
  public static let truncated = Fault(
    effect: .failure(.truncated, afterSending: true), description: "truncated answer")

  /// Nothing is sent or answered until the request's time is over.
  public static let timeoutBeforeSending = Fault(
    effect: .timeout(afterSending: false), description: "timeout before sending")

  /// The service acts, and its answer does not come within the request's time.
  public static let timeoutAfterSending = Fault(
    effect: .timeout(afterSending: true), description: "timeout after sending")

  /// Something in front of the service answers in its place, in plain text; the service gets nothing.
  ///
  /// - Parameters:
  ///   - status: 200…599.
  ///   - retryAfter: what the header `Retry-After` says, in whole seconds; nil leaves it out.
  public static func status(_ status: Int, retryAfter: Int? = nil) -> Fault {
    Fault(effect: .status(status, retryAfter: retryAfter), description: "status \(status)")
  }

  /// The body ends somewhere in the middle, and the transport cannot notice.
  public static let cutBody = Fault(effect: .cutBody, description: "cut body")

  /// Some bytes of the body are replaced. One of them is not UTF-8, so that no reader can take it for an answer.
  public static let garbledBody = Fault(effect: .garbledBody, description: "garbled body")
}

/// A fault that was put in the way of a request.
public struct InjectedFault: Sendable, CustomStringConvertible {
  /// The number of the request, from 1, among those that faults are for.
  public let number: Int
  /// What was put in its way.
  public let fault: Fault
  /// The request.
  public let request: RecordedRequest

  /// Number, fault and request on one line.
  public var description: String { "request \(number), \(request): \(fault)" }
}
