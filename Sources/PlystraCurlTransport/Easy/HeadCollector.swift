import PlystraCore

/// Collects the header lines of the final response from those that libcurl reports: of interim responses (1xx), of the
/// final one, and the trailer fields after a chunked body.
struct HeadCollector: ~Copyable {
  /// The most bytes of header lines in one transfer, all of them counted.
  static let maximumBytes = 64 << 10

  /// The most memory that is kept.
  private static let keptBytes = 4 << 10

  private enum Position { case beforeStatusLine, inFields, done }

  /// Bytes of all lines so far.
  private(set) var byteCount = 0
  private var position = Position.beforeStatusLine
  private var status = 0
  private var check = HeaderLineCheck()
  private var lines = ByteBuffer()

  /// Whether the head of the final response has come, with its empty line.
  var isComplete: Bool { position == .done }

  mutating func reset() {
    byteCount = 0
    position = .beforeStatusLine
    status = 0
    lines.removeAll(keptBytes: Self.keptBytes)
  }

  /// Takes one line with its end; returns why the response is refused, if it is.
  mutating func take(_ line: UnsafeBufferPointer<UInt8>) -> ResponseCollector.Refusal? {
    byteCount += line.count
    guard byteCount <= Self.maximumBytes else {
      return .init(kind: .responseTooLarge, message: "the header fields exceed \(Self.maximumBytes) bytes")
    }
    switch position {
    case .beforeStatusLine: return begin(line)
    case .inFields where Self.isEmpty(line):
      position = status < 200 ? .beforeStatusLine : .done
      if status < 200 { lines.removeAll(keptBytes: Self.keptBytes) }
    case .done where Self.isEmpty(line): break
    case .inFields, .done:
      if let problem = check.read(line, isInterim: status < 200) {
        return .init(kind: .protocolViolation, message: problem)
      }
      // A trailer is counted, not kept.
      if position == .inFields { lines.append(line) }
    }
    return nil
  }

  /// Whether a line has nothing but its end.
  private static func isEmpty(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
    for byte in line where byte != UInt8(ascii: "\r") && byte != UInt8(ascii: "\n") { return false }
    return true
  }

  private mutating func begin(_ line: UnsafeBufferPointer<UInt8>) -> ResponseCollector.Refusal? {
    guard let status = Self.status(of: line) else {
      return .init(kind: .protocolViolation, message: "the response does not begin with an HTTP status")
    }
    guard status != 101 else {
      return .init(kind: .protocolViolation, message: "the server changed the protocol unasked (101)")
    }
    self.status = status
    check = HeaderLineCheck()
    position = .inFields
    return nil
  }

  /// The status of a line such as `HTTP/1.1 200 OK`, if it is within 100…599.
  private static func status(of line: UnsafeBufferPointer<UInt8>) -> Int? {
    let prefix: StaticString = "HTTP/"
    guard line.count > prefix.utf8CodeUnitCount else { return nil }
    for index in 0..<prefix.utf8CodeUnitCount where line[index] != prefix.utf8Start[index] { return nil }
    guard let space = line.firstIndex(of: UInt8(ascii: " ")) else { return nil }
    var status = 0
    var digits = 0
    for byte in line[(space + 1)...] {
      guard byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") else { break }
      digits += 1
      guard digits <= 3 else { return nil }
      status = 10 * status + Int(byte - UInt8(ascii: "0"))
    }
    return digits == 3 && (100...599).contains(status) ? status : nil
  }

  /// The complete head.
  var head: ResponseHead {
    ResponseHead(status: status, lines: lines.bytes)
  }
}
