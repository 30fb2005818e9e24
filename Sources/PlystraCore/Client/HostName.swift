/// The host of a URL: a name, an IPv4 address, or an IPv6 address in brackets (RFC 3986 §3.2.2).
enum HostName {
  /// Whether a text is a host.
  static func isValid(_ host: String) -> Bool {
    if host.hasPrefix("["), host.hasSuffix("]") { return ipv6(host) != nil }
    let labels = host.hasSuffix(".") ? host.dropLast() : host[...]
    return labels.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
      !label.isEmpty && !label.hasPrefix("-") && label.utf8.allSatisfy(isNameByte)
    }
  }

  /// Whether a host, in lower case, is this machine itself: `localhost`, `127.0.0.0/8` or `::1`, and no name that
  /// looks like one.
  static func isLoopback(_ host: String) -> Bool {
    host == "localhost" || ipv4(host)?.first == 127 || ipv6(host) == [0, 0, 0, 0, 0, 0, 0, 1]
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x5F: true
    default: false
    }
  }

  /// The four numbers of an IPv4 address in its usual form.
  private static func ipv4(_ text: some StringProtocol) -> [UInt16]? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 4 else { return nil }
    let numbers = parts.compactMap { part -> UInt16? in
      guard (1...3).contains(part.utf8.count), part.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
        return nil
      }
      return UInt16(part).flatMap { $0 < 256 ? $0 : nil }
    }
    return numbers.count == 4 ? numbers : nil
  }

  /// The eight groups of an IPv6 address in brackets (RFC 4291 §2.2).
  private static func ipv6(_ host: String) -> [UInt16]? {
    guard host.hasPrefix("["), host.hasSuffix("]") else { return nil }
    let text = host.dropFirst().dropLast()
    guard let (start, end) = text.cut(at: "::") else {
      return groups(text).flatMap { $0.count == 8 ? $0 : nil }
    }
    guard let head = groups(start), let tail = groups(end), head.count + tail.count < 8 else { return nil }
    return head + Array(repeating: 0, count: 8 - head.count - tail.count) + tail
  }

  /// The groups of one side of an IPv6 address, the last two of which may be written as an IPv4 address.
  private static func groups(_ text: Substring) -> [UInt16]? {
    guard !text.isEmpty else { return [] }
    var parts = text.split(separator: ":", omittingEmptySubsequences: false)
    var last: [UInt16] = []
    if let text = parts.last, text.contains(".") {
      guard let numbers = ipv4(text) else { return nil }
      last = [numbers[0] << 8 | numbers[1], numbers[2] << 8 | numbers[3]]
      parts.removeLast()
    }
    let groups = parts.compactMap { part in
      (1...4).contains(part.utf8.count) && part.utf8.allSatisfy(isNameByte) ? UInt16(part, radix: 16) : nil
    }
    return groups.count == parts.count ? groups + last : nil
  }
}
