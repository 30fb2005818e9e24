import PlystraCore
import TestSupport
import Testing

/// Bodies that cannot be decoded to their end.
@Suite("Fault matrix: broken encodings", .timeLimit(.minutes(minutesOfAHang)))
struct CurlBrokenEncodingTests {
  /// A body under a Content-Encoding.
  struct Body: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let encoding: String
    let bytes: [UInt8]
  }

  private static let gzip = GzipBomb.bytes(decodingTo: 259)
  /// One zstd frame that announces a block of a reserved type.
  private static let brokenZstd: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD, 0x00, 0x58, 0x07, 0x00, 0x00, 0xFF]

  @Test(
    "Row 62: gzip with garbage after it, two members, broken br or zstd", arguments: Way.available,
    [
      Body(testDescription: "gzip with bytes after its end", encoding: "gzip", bytes: gzip + [1, 2, 3]),
      Body(testDescription: "two gzip members", encoding: "gzip", bytes: gzip + gzip),
      Body(testDescription: "no gzip", encoding: "gzip", bytes: Array("plain".utf8)),
      Body(testDescription: "no brotli", encoding: "br", bytes: [UInt8](repeating: 0xFF, count: 40)),
      Body(testDescription: "no zstd", encoding: "zstd", bytes: Array("plain text".utf8)),
      Body(testDescription: "a broken zstd frame", encoding: "zstd", bytes: brokenZstd),
    ])
  func content(_ way: Way, _ body: Body) async throws {
    let (error, cause) = try await way.failure(
      of: .check, fields: ["Content-Encoding: \(body.encoding)", "Content-Length: \(body.bytes.count)"],
      body: body.bytes)
    #expect(cause.kind == .protocolViolation && cause.mayHaveBeenSent, "\(cause)")
    #expect(error.attempts == 1)
  }

  @Test(
    "Row 62: chunk sizes that are no hexadecimal numbers", arguments: Way.available.filter { $0 != .http2 },
    ["0xSIZE", "-SIZE", "+SIZE", "", "g", "fffffffffffffffff"])
  func chunkSizes(_ way: Way, _ size: String) async throws {
    let body = try FaultCall.check.answer
    let line = size.replacing("SIZE", with: String(body.count, radix: 16)) + "\r\n"
    let (error, cause) = try await way.failure(
      of: .check, fields: ["Transfer-Encoding: chunked"],
      body: Array(line.utf8) + body + Array("\r\n0\r\n\r\n".utf8))
    #expect(cause.kind == .protocolViolation && cause.mayHaveBeenSent, "\(cause)")
    #expect(error.attempts == 1)
  }
}
