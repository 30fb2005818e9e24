/// Where the service is: scheme, host and port, and a path prefix that is kept.
struct BaseURL: Sendable, Hashable {
  /// Scheme, host and port, such as `https://plystra.internal:8443`.
  let origin: String
  /// The path before `/api`, empty or starting with one slash and ending without.
  let prefix: String
  /// Both of them, to which a call's path is added.
  let text: String
  /// Whether credentials may travel there without further ado: by https, or to this machine itself.
  let protectsCredentials: Bool

  /// Reads `http(s)://host[:port][/prefix]`; slashes are folded.
  ///
  /// - Throws: ``PlystraError`` of kind `configuration`, which never quotes the text: it might hold a password.
  init(_ text: String) throws {
    func refuse(_ message: String) -> PlystraError { .configuration("baseURL", message) }
    guard !text.isEmpty else { throw refuse("it is empty; give https://host[:port][/prefix]") }
    guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != 0x5C && $0 != 0x22 }) else {
      throw refuse(
        "it holds a space, backslash, quote, control or non-ASCII character; percent-encode it, and write a host name "
          + "in its xn-- form")
    }
    guard let (name, rest) = text.cut(at: "://") else {
      throw refuse("it has no scheme; start it with https://")
    }
    let scheme = name.lowercased()
    guard scheme == "https" || scheme == "http" else {
      throw refuse("its scheme is neither https nor http")
    }
    guard !rest.contains("?") else { throw refuse("it has a query; give scheme, host, port and prefix only") }
    guard !rest.contains("#") else {
      throw refuse("it has a fragment; give scheme, host, port and prefix only")
    }
    let authority = rest.prefix { $0 != "/" }
    guard !authority.contains("@") else {
      throw refuse("it has user information; credentials are set on the client instead")
    }
    let (host, port) = try Self.hostAndPort(String(authority), refuse)
    let segments = rest.dropFirst(authority.count).split(separator: "/")
    guard !segments.contains(where: PathSegment.isDots) else {
      throw refuse("its prefix holds a '.' or '..' segment; write the path it means")
    }
    guard segments.allSatisfy({ PathSegment.isPath($0) }) else {
      throw refuse("its prefix holds a character that no path may hold; percent-encode it")
    }
    guard segments.allSatisfy({ PathSegment.isEncoded($0) }) else {
      throw refuse("its prefix holds a '%' that is not followed by two hexadecimal digits")
    }
    origin = "\(scheme)://\(host)" + (port.map { ":\($0)" } ?? "")
    prefix = segments.map { "/\($0)" }.joined()
    self.text = origin + prefix
    protectsCredentials = scheme == "https" || HostName.isLoopback(host)
  }

  /// Whether a URL lies at this one, whatever a server, proxy or URL library makes of it.
  func contains(_ url: String) -> Bool {
    guard url.utf8.starts(with: text.utf8) else { return false }
    let rest = String(decoding: url.utf8.dropFirst(text.utf8.count), as: UTF8.self)
    let path = rest.prefix { $0 != "?" }
    let query = rest[path.endIndex...].dropFirst()
    return path.hasPrefix("/") && PathSegment.isPath(path) && PathSegment.isEncoded(path)
      && !path.split(separator: "/").contains(where: PathSegment.isDots)
      && PathSegment.isQuery(query) && PathSegment.isEncoded(query)
  }

  private static func hostAndPort(
    _ authority: String, _ refuse: (String) -> PlystraError
  ) throws -> (host: String, port: Int?) {
    var host = authority
    var port: Int?
    if let colon = authority.lastIndex(of: ":"), !authority[colon...].contains("]") {
      host = String(authority[..<colon])
      let digits = authority[authority.index(after: colon)...]
      guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(digits),
        (1...65_535).contains(number)
      else { throw refuse("its port is not a number from 1 to 65535") }
      port = number
    }
    guard HostName.isValid(host) else { throw refuse("it has no valid host name or address") }
    return (host.lowercased(), port)
  }
}
