import PlystraCore

/// The check of a request before anything is sent: what would be split into another request, misread, or is the
/// transport's to write is refused.
///
/// The errors name the part at fault and never quote it: it may be a credential.
enum RequestCheck {
  /// Checks every part of a request.
  static func origin(of request: TransportRequest) throws(TransportError) -> RequestOrigin {
    guard isToken(request.method) else { throw .other("the method is not an HTTP method name") }
    guard request.method != "HEAD" || request.body?.isEmpty != false else {
      throw .other("a HEAD request cannot carry a body")
    }
    let fields = request.headers.fields
    for index in fields.indices { try check(fields[index].name, value: fields[index].value) }
    return try origin(of: request.url)
  }

  // Inlined, so that no field need be held on to while it is looked at.

  @inline(__always)
  private static func check(_ name: String, value: String) throws(TransportError) {
    guard isToken(name) else { throw .other("the name of a header field is not an HTTP field name") }
    guard !isOwn(name) else {
      throw .other("the header field \(name) is written by the transport; leave it out")
    }
    guard !hasControl(value) else {
      throw .other("the value of the header field \(name) has a control character, such as a line end")
    }
  }

  /// Whether a name, in letters of any case, is that of a field which the transport writes itself.
  @inline(__always)
  private static func isOwn(_ name: String) -> Bool {
    switch name.utf8.count {
    case 4: name.isToken("host")
    case 14: name.isToken("content-length")
    case 17: name.isToken("transfer-encoding")
    default: false
    }
  }

  private static func origin(of url: String) throws(TransportError) -> RequestOrigin {
    guard isVisible(url) else {
      throw .other("the URL has a space, a control character or one beyond ASCII; percent-encode it")
    }
    switch url.withBytes(authority) {
    case .found(let end): return RequestOrigin(url: url, length: end)
    case .noScheme: throw .other("the URL does not begin with http:// or https://")
    case .empty: throw .other("the URL has no host")
    case .hasUserInformation:
      throw .other("the URL has user information; credentials belong in a header field")
    }
  }

  private enum Authority {
    case noScheme, empty, hasUserInformation
    case found(end: Int)
  }

  /// The authority, which lies between the scheme, if that is one of ours, and the path.
  private static func authority(of url: UnsafeBufferPointer<UInt8>) -> Authority {
    guard let start = schemeLength(of: url) else { return .noScheme }
    var end = start
    while end < url.count {
      switch url[end] {
      case UInt8(ascii: "@"): return .hasUserInformation
      case UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: "#"), UInt8(ascii: "\\"):
        return end == start ? .empty : .found(end: end)
      default: end += 1
      }
    }
    return end == start ? .empty : .found(end: end)
  }

  /// The bytes of `http://` or `https://`, in letters of any case, with which a URL begins.
  private static func schemeLength(of url: UnsafeBufferPointer<UInt8>) -> Int? {
    func hasLetter(_ letter: Unicode.Scalar, at index: Int) -> Bool {
      // No byte but a capital letter turns into its small one by this.
      url[index] | 0x20 == UInt8(ascii: letter)
    }
    guard url.count >= 7, hasLetter("h", at: 0), hasLetter("t", at: 1), hasLetter("t", at: 2),
      hasLetter("p", at: 3)
    else { return nil }
    let colon = hasLetter("s", at: 4) ? 5 : 4
    guard url.count >= colon + 3, url[colon] == UInt8(ascii: ":"), url[colon + 1] == UInt8(ascii: "/"),
      url[colon + 2] == UInt8(ascii: "/")
    else { return nil }
    return colon + 3
  }

  /// Whether a text is a token (RFC 9110 §5.6.2), as methods and field names are.
  @inline(__always)
  private static func isToken(_ text: String) -> Bool { text.withBytes(isToken) }

  @inline(never)
  private static func isToken(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    guard bytes.count >= 8 else { return !bytes.isEmpty && bytes.allSatisfy(isTokenByte) }
    let raw = UnsafeRawBufferPointer(bytes)
    var index = 0
    // Word by word, the last of which overlaps the one before it.
    while isPlain(raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)) {
      if index == raw.count - 8 { return true }
      index = min(index + 8, raw.count - 8)
    }
    return bytes.allSatisfy(isTokenByte)
  }

  /// Whether eight bytes are letters, digits and hyphens, as almost all of a token are.
  @inline(__always)
  private static func isPlain(_ word: UInt64) -> Bool {
    let plain =
      (word | (.eachByte &* 0x20)).bytes(from: UInt8(ascii: "a"), to: UInt8(ascii: "z"))
      | word.bytes(from: UInt8(ascii: "0"), to: UInt8(ascii: "9"))
      | word.bytes(from: UInt8(ascii: "-"), to: UInt8(ascii: "-"))
    return plain & ~word & .topBits == .topBits
  }

  /// The characters of a token, a bit for each: the 64 from 0 and the 64 from 64.
  private static let tokenBits: (low: UInt64, high: UInt64) = (
    low: 0x03FF_6CFA_0000_0000, high: 0x57FF_FFFF_C7FF_FFFE
  )

  private static func isTokenByte(_ byte: UInt8) -> Bool {
    let bits = byte < 64 ? tokenBits.low : tokenBits.high
    return byte < 128 && (bits >> UInt64(byte & 63)) & 1 == 1
  }

  /// Whether a text has a control character other than a tab, which has no place in a field value.
  @inline(__always)
  private static func hasControl(_ text: String) -> Bool { text.withBytes(hasControl) }

  @inline(never)
  private static func hasControl(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    bytes.dropFirst(prefix(of: bytes, below: 0x20, orAny: 0))
      .contains { $0 < 0x20 && $0 != UInt8(ascii: "\t") || $0 == 0x7F }
  }

  /// Whether a text has nothing but the characters of ASCII that are seen.
  private static func isVisible(_ text: String) -> Bool {
    text.withBytes { bytes in
      bytes.dropFirst(prefix(of: bytes, below: 0x21, orAny: 0x80)).allSatisfy { $0 > 0x20 && $0 < 0x7F }
    }
  }

  /// How many bytes at the start, in words of eight, are none below a bound, none is 0x7F, and none has one of some bits.
  private static func prefix(
    of bytes: UnsafeBufferPointer<UInt8>, below bound: UInt8, orAny bits: UInt8
  ) -> Int {
    let raw = UnsafeRawBufferPointer(bytes)
    var index = 0
    while index + 8 <= raw.count {
      // Within the buffer, by the line above.
      let word = raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)
      let isClean =
        !word.hasByte(below: bound) && !(word ^ (.eachByte &* 0x7F)).hasByte(below: 1)
        && word & (.eachByte &* UInt64(bits)) == 0
      guard isClean else { break }
      index += 8
    }
    return index
  }
}

extension UInt64 {
  /// A word whose eight bytes are 1.
  fileprivate static var eachByte: UInt64 { 0x0101_0101_0101_0101 }

  /// The top bit of each byte.
  fileprivate static var topBits: UInt64 { 0x8080_8080_8080_8080 }

  /// The top bit of each byte of ASCII that is within these bounds; of any other byte, and of those above it, anything.
  @inline(__always)
  fileprivate func bytes(from first: UInt8, to last: UInt8) -> UInt64 {
    // The first sum carries into the top bit from the first bound on, the second behind the last.
    (self &+ .eachByte &* UInt64(0x80 - first)) & ~(self &+ .eachByte &* UInt64(0x7F - last))
  }

  /// Whether one of the eight bytes is less than a bound, which is at most 0x80: subtracted, it borrows from the bit
  /// that only bytes beyond ASCII have set.
  fileprivate func hasByte(below bound: UInt8) -> Bool {
    (self &- .eachByte &* UInt64(bound)) & ~self & .topBits != 0
  }
}
