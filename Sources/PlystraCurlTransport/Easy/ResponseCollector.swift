import CLibcurl
import PlystraCore

/// Status and header lines of a response, as the loop thread passes them to the task.
struct ResponseHead: Sendable {
  let status: Int
  /// The header fields as they came, each with its line end.
  let lines: [UInt8]
  /// The number of the connection that it came over, if that is known.
  var connectionID: UInt64?
  /// Whether it came over HTTP/2; nil if that was not to be spoken.
  var speaksHTTP2: Bool?
  var metrics: TransportMetrics?
}

/// The response of one transfer as it comes in, within its limits.
struct ResponseCollector: ~Copyable {
  /// Why a response is refused before its end.
  struct Refusal {
    let kind: TransportError.Kind
    let message: String
  }

  /// Never reserved ahead more than this, whatever a server announces.
  private static let reservedBytes = 1 << 20

  /// The libcurl handle of the transfer.
  private let easy: UnsafeMutableRawPointer
  private(set) var refusal: Refusal?
  private(set) var body: [UInt8] = []
  private var head = HeadCollector()
  private var maximumBodyBytes = 0

  init(easy: UnsafeMutableRawPointer) { self.easy = easy }

  mutating func reset(maximumBodyBytes: Int) {
    self.maximumBodyBytes = maximumBodyBytes
    refusal = nil
    body = []
    head.reset()
  }

  /// Whether any of the response has come, interim responses included.
  var hasBegun: Bool { head.byteCount > 0 }
  var hasWholeHead: Bool { head.isComplete }

  /// Makes room for a body of the announced length before it comes.
  private mutating func expectBody() {
    // Negative if it was not announced.
    let count = plystra_easy_get_size(easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T)
    guard count > 0 && maximumBodyBytes > 0 else { return }
    body.reserveCapacity(min(Int(clamping: count), maximumBodyBytes, Self.reservedBytes))
  }

  /// - Returns: whether the transfer may go on.
  mutating func takeBody(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    guard bytes.count <= maximumBodyBytes - body.count else {
      refuse(.responseTooLarge, "the body exceeds \(maximumBodyBytes) bytes")
      return false
    }
    if body.isEmpty { expectBody() }
    body.append(contentsOf: bytes)
    return true
  }

  /// - Returns: whether the transfer may go on.
  mutating func takeHeaderLine(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    if let refusal = head.take(bytes) {
      refuse(refusal.kind, refusal.message)
      return false
    }
    return true
  }

  /// Returns the complete response, which is no longer here.
  mutating func takeAnswer() -> (ResponseHead, body: [UInt8]) {
    let whole = body
    body = []
    return (head.head, whole)
  }

  private mutating func refuse(_ kind: TransportError.Kind, _ message: String) {
    refusal = Refusal(kind: kind, message: message)
    body = []
  }
}
