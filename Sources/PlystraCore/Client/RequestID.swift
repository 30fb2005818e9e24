/// The id of a logical call, which client logs, audit rows and server logs share (contract §6).
enum RequestID {
  /// A new id: `req_` and 128 random bits.
  static func generate() -> String {
    let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)
    var generator = SystemRandomNumberGenerator()
    var bytes = Array("req_".utf8)
    var word = generator.next()
    for index in 0..<26 {
      if index == 13 { word = generator.next() }
      bytes.append(alphabet[Int(word & 31)])
      word >>= 5
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Accepts what the service keeps: 1…128 printable ASCII characters except quotes and backslash. It would
  /// silently replace anything else.
  ///
  /// - Throws: ``PlystraError`` of kind `invalidRequest`.
  static func validated(_ id: String) throws -> String {
    let bytes = id.utf8
    let isAccepted =
      (1...128).contains(bytes.count)
      && bytes.allSatisfy { (33...126).contains($0) && $0 != 0x22 && $0 != 0x27 && $0 != 0x5C }
    guard isAccepted else {
      throw PlystraError.invalidRequest(
        "requestID", "use 1 to 128 printable ASCII characters without spaces, quotes and backslashes")
    }
    return id
  }
}
