import TestSupport

/// Frames of HTTP/2 (RFC 9113 §4.1).
enum Frame {
  enum Kind: UInt8 { case data, headers, priority, reset, settings, push, ping, goAway }

  static let settings = bytes(.settings, stream: 0, [])
  static let settingsTaken = bytes(.settings, flags: 1, stream: 0, [])
  static let ping = bytes(.ping, stream: 0, [0, 0, 0, 0, 0, 0, 0, 0])
  /// The stream ends with an internal error.
  static let reset = reset(stream: 1, code: 2)

  /// A stream ends with an error (RFC 9113 §7): 0 is none, 7 says that the request was not looked at.
  static func reset(stream: UInt8, code: UInt8) -> [UInt8] { bytes(.reset, stream: stream, [0, 0, 0, code]) }

  /// The server looks at no stream after this one.
  static func goAway(last stream: UInt8) -> [UInt8] {
    bytes(.goAway, stream: 0, [0, 0, 0, stream, 0, 0, 0, 0])
  }

  /// A response of status 200 with header fields, whose names are in small letters, and a body of less than 16 KiB.
  static func response(
    stream: UInt8, fields: [(name: String, value: String)], body: [UInt8],
    ends: Bool = true
  ) -> [UInt8] {
    var block: [UInt8] = []
    for (name, value) in [(":status", "200")] + fields {
      // A literal with a name of its own (RFC 7541 §6.2.2).
      block += [0, UInt8(name.utf8.count)] + name.utf8 + [UInt8(value.utf8.count)] + value.utf8
    }
    return bytes(.headers, flags: 4, stream: stream, block) + data(body, stream: stream, ends: ends)
  }

  /// Status 200 and, if one is given, a length of one digit (RFC 7541, appendix A, entries 8 and 28).
  static func headers(length: Int?) -> [UInt8] {
    let field: [UInt8] = length.map { [0x0F, 0x0D, 0x01, UInt8(ascii: "0") + UInt8($0)] } ?? []
    return bytes(.headers, flags: 4, stream: 1, [0x88] + field)
  }

  static func data(_ text: String) -> [UInt8] { bytes(.data, stream: 1, Array(text.utf8)) }

  static func data(_ bytes: [UInt8], stream: UInt8, ends: Bool) -> [UInt8] {
    self.bytes(.data, flags: ends ? 1 : 0, stream: stream, bytes)
  }

  /// An interim response with status 103.
  static func interim(stream: UInt8) -> [UInt8] {
    bytes(.headers, flags: 4, stream: stream, [8, 3] + "103".utf8)
  }

  /// A whole response with status 200 and without a body.
  static func emptyResponse(stream: UInt8) -> [UInt8] { bytes(.headers, flags: 5, stream: stream, [0x88]) }

  private static func bytes(_ kind: Kind, flags: UInt8 = 0, stream: UInt8, _ payload: [UInt8]) -> [UInt8] {
    [0, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF), kind.rawValue, flags, 0, 0, 0, stream]
      + payload
  }
}

/// The server's side of HTTP/2 on a connection, for its script. Streams have numbers below 128.
final class HTTP2Peer {
  /// A request that has come in full.
  struct Request {
    let stream: UInt8
    let body: [UInt8]
  }

  private let connection: TLSConnection
  private var bodies: [UInt8: [UInt8]] = [:]

  /// Reads the client's preface and sends the server's.
  init?(_ connection: TLSConnection) throws {
    self.connection = connection
    guard try connection.read(24) != nil else { return nil }
    try connection.send(Frame.settings)
  }

  /// Reads the next request; nil if the client finished first.
  func readRequest() throws -> Request? {
    while let head = try connection.read(9) {
      let count = Int(head[0]) << 16 | Int(head[1]) << 8 | Int(head[2])
      guard let payload = try connection.read(count) else { return nil }
      let (flags, stream) = (head[4], head[8])
      switch Frame.Kind(rawValue: head[3]) {
      case .settings: if flags & 1 == 0 { try connection.send(Frame.settingsTaken) }
      case .headers: bodies[stream] = []
      case .data: bodies[stream, default: []] += payload
      default: continue
      }
      // The flag of the stream's end has no other meaning for these two.
      if head[3] <= Frame.Kind.headers.rawValue, flags & 1 == 1, let body = bodies.removeValue(forKey: stream)
      {
        return Request(stream: stream, body: body)
      }
    }
    return nil
  }

  func respond(to request: Request) throws {
    try connection.send(Frame.emptyResponse(stream: request.stream))
  }
}
