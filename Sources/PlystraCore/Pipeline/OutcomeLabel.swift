/// How an attempt, a refresh or a call ended, as a label: one of a few hundred at most, whatever a service, a transport
/// or an interceptor comes up with.
struct OutcomeLabel: Sendable, Hashable {
  let text: String

  static let success = OutcomeLabel(text: "success")
  static let cancelled = OutcomeLabel(text: "cancelled")

  /// A response of any status.
  init(status: Int) { text = "http.\(Self.isKnown(status) ? String(status) : "other")" }

  /// A failure: its kind, with what distinguishes it.
  init(_ error: PlystraError) {
    let kind = Self.kinds.contains(error.kind) ? error.kind.rawValue : "other"
    switch error.kind {
    case .transport, .timeout:
      let cause = (error.underlyingError as? TransportError)?.kind
      text = cause.map { "\(kind).\(Self.transportKinds.contains($0) ? $0 : .other)" } ?? kind
    case .api: text = error.status.flatMap { Self.isKnown($0) ? "\(kind).\($0)" : nil } ?? kind
    case .credentials where error.code == .sessionExpired: text = "\(kind).sessionExpired"
    case .credentials where error.code == .sessionUncertain: text = "\(kind).sessionUncertain"
    default: text = kind
    }
  }

  /// The end of a call: without an error, it succeeded.
  init(ofCall error: (any Error)?) {
    self = error.map { ($0 as? PlystraError).map(OutcomeLabel.init) ?? .cancelled } ?? .success
  }

  private init(text: String) { self.text = text }

  private static func isKnown(_ status: Int) -> Bool { (100..<600).contains(status) }

  private static let kinds: Set<PlystraError.Kind> = [
    .transport, .timeout, .api, .decoding, .invalidRequest, .credentials, .configuration,
  ]

  private static let transportKinds: Set<TransportError.Kind> = [
    .resolve, .connect, .tls, .timeout, .reset, .truncated, .protocolViolation, .responseTooLarge, .shutDown,
    .other,
  ]
}
