/// Puts together a body that comes in chunks (RFC 9112 §7.1), however its bytes are cut into pieces.
struct ChunkedBody {
  /// The decoded bytes so far.
  private(set) var bytes: [UInt8] = []

  private enum State { case size, data(left: Int), dataEnd, trailer }
  private var state = State.size
  private var trailerBytes = 0
  private let maximumBytes: Int

  private static let maximumSizeLine = 256
  private static let maximumTrailer = 8 << 10

  init(maximumBytes: Int) { self.maximumBytes = maximumBytes }

  /// Takes what it can from the buffer, moving `position` behind it.
  ///
  /// - Returns: whether the body is complete; if not, it needs bytes that are not in the buffer yet.
  mutating func consume(_ buffer: [UInt8], from position: inout Int) throws(RequestRejection) -> Bool {
    while true {
      switch state {
      case .size:
        guard let line = try line(of: buffer, from: &position, atMost: Self.maximumSizeLine) else {
          return false
        }
        let size = try Self.chunkSize(line)
        if size > maximumBytes - bytes.count {
          throw RequestRejection(status: 413, reason: "the body is longer than \(maximumBytes) bytes")
        }
        state = size == 0 ? .trailer : .data(left: size)
      case .data(let left):
        let count = min(left, buffer.count - position)
        bytes += buffer[position..<position + count]
        position += count
        guard count == left else {
          state = .data(left: left - count)
          return false
        }
        state = .dataEnd
      case .dataEnd:
        guard let line = try line(of: buffer, from: &position, atMost: 0) else { return false }
        guard line.isEmpty else { throw .malformed("a chunk is longer than it says") }
        state = .size
      case .trailer:
        let room = Self.maximumTrailer - trailerBytes
        guard let line = try line(of: buffer, from: &position, atMost: room) else { return false }
        if line.isEmpty { return true }
        trailerBytes += line.count + 2
        // Checked and then dropped: a field behind the body must not change what was said before it.
        _ = try HTTPGrammar.field(line)
      }
    }
  }

  /// The next line without its end; nil if it is not complete yet.
  private func line(
    of buffer: [UInt8], from position: inout Int, atMost limit: Int
  ) throws(RequestRejection) -> ArraySlice<UInt8>? {
    guard let end = buffer[position...].firstIndex(of: HTTPGrammar.lineFeed) else {
      if buffer.count - position > limit + 1 { throw .malformed("a line in the chunked body is too long") }
      return nil
    }
    guard end > position, buffer[end - 1] == HTTPGrammar.carriageReturn else {
      throw .malformed("a line in the chunked body does not end in CR LF")
    }
    guard end - 1 - position <= limit else { throw .malformed("a line in the chunked body is too long") }
    defer { position = end + 1 }
    return buffer[position..<(end - 1)]
  }

  /// Reads a size line: hexadecimal digits, perhaps followed by `;` and extensions, which mean nothing here.
  private static func chunkSize(_ line: ArraySlice<UInt8>) throws(RequestRejection) -> Int {
    let digits = line.prefix { $0 != UInt8(ascii: ";") }
    guard (1...15).contains(digits.count) else { throw .malformed("a chunk has no valid size") }
    var size = 0
    for byte in digits {
      guard byte < 0x80, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw .malformed("a chunk has no valid size")
      }
      size = size << 4 | digit
    }
    guard line.allSatisfy(HTTPGrammar.isFieldValue) else {
      throw .malformed("a chunk extension has a control character")
    }
    return size
  }
}
