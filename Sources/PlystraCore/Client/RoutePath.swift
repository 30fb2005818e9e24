/// Which route of the service the path of a request leads to, by all the ways in which servers and proxies read paths.
enum RoutePath: Equatable {
  /// One of the four that take a password or refresh token in place of a credential (contract §1).
  case signIn
  /// Any other under `/api/v1/auth/`, whose bodies may hold passwords and tokens.
  case otherAuth
  case other

  private static let parent = ["api", "v1", "auth"]
  private static let signInNames: Set<String> = ["register", "login", "refresh", "logout"]

  /// The route of a path, which is decoded once, without regard to case, empty segments and `;` parameters.
  ///
  /// - Returns: nil if the path leads to another route where it is decoded again, or where dot segments, backslashes or
  ///   control characters that it hides are taken for what they are.
  init?(_ path: String) {
    let once = Self.decoded(path, again: false)
    let fully = Self.decoded(path, again: true).filter { $0 > 0x1F && $0 != 0x7F }
      .map { $0 == UInt8(ascii: "\\") ? UInt8(ascii: "/") : $0 }
    let (asRead, hidden) = (Self.segments(of: once), Self.segments(of: fully))
    let others = [Self.withoutDots(asRead), hidden, Self.withoutDots(hidden)]
    self.init(segments: asRead)
    guard others.allSatisfy({ RoutePath(segments: $0) == self }) else { return nil }
  }

  private init(segments: [String]) {
    guard segments.starts(with: Self.parent) else {
      self = .other
      return
    }
    let names = segments.dropFirst(Self.parent.count)
    self = names.count == 1 && Self.signInNames.isSuperset(of: names) ? .signIn : .otherAuth
  }

  /// - Parameter again: whether what is decoded is decoded again for as long as it can be.
  private static func decoded(_ path: String, again: Bool) -> [UInt8] {
    var bytes: [UInt8] = []
    /// How many bytes at the end are not the result of decoding.
    var plain = 0
    for byte in path.utf8 {
      bytes.append(byte)
      plain += 1
      while again || plain >= 3, let value = escape(at: bytes.suffix(3)) {
        bytes.removeLast(3)
        bytes.append(value)
        plain = 0
      }
    }
    return bytes
  }

  /// The byte that `%` and two hexadecimal digits stand for.
  private static func escape(at text: ArraySlice<UInt8>) -> UInt8? {
    guard text.count == 3, text.first == UInt8(ascii: "%") else { return nil }
    let digits = text.dropFirst().compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
    return digits.count == 2 ? UInt8(digits[0] << 4 | digits[1]) : nil
  }

  private static func segments(of path: [UInt8]) -> [String] {
    path.split(separator: UInt8(ascii: "/")).map { segment in
      String(decoding: segment.prefix { $0 != UInt8(ascii: ";") }, as: UTF8.self).lowercased()
    }.filter { !$0.isEmpty }
  }

  private static func withoutDots(_ segments: [String]) -> [String] {
    segments.reduce(into: []) { result, segment in
      switch segment {
      case ".": break
      case "..": _ = result.popLast()
      default: result.append(segment)
      }
    }
  }
}
