/// The parts of a request's URL, each as it was written, so that it can be put together again.
struct RequestAddress: Sendable {
  /// One `name=value` of a query.
  struct Item: Sendable, Hashable {
    private(set) var written: String
    /// The name, decoded.
    private(set) var name: String
    /// The value, decoded; empty if there is none.
    private(set) var value: String

    init(_ written: Substring) {
      self.written = String(written)
      let parts = written.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      name = PercentEncoding.decoded(parts.first ?? "", plusIsSpace: true)
      value = parts.count == 2 ? PercentEncoding.decoded(parts[1], plusIsSpace: true) : ""
    }

    mutating func replace(name: String, value: String) {
      (self.name, self.value) = (name, value)
      let parts = written.contains("=") ? [name, value] : [name]
      written = parts.map { PercentEncoding.encoded($0) }.joined(separator: "=")
    }
  }

  /// `https://`, or empty.
  private let scheme: String
  /// What stands before `@` in the authority.
  var userInfo: String?
  private let host: String
  /// What stands between the slashes of the path, encoded; the first is empty, as it stands before the first slash.
  var segments: [String]
  var items: [Item]

  init(_ url: String) {
    var rest = url[...]
    if let fragment = rest.firstIndex(of: "#") { rest = rest[..<fragment] }
    if !rest.hasPrefix("/"), let end = rest.firstRange(of: "://") {
      scheme = String(rest[..<end.upperBound])
      rest = rest[end.upperBound...]
      let authority = rest.prefix { $0 != "/" && $0 != "?" }
      rest = rest[authority.endIndex...]
      let sign = authority.lastIndex(of: "@")
      userInfo = sign.map { String(authority[..<$0]) }
      host = String(sign.map { authority[authority.index(after: $0)...] } ?? authority)
    } else {
      scheme = ""
      host = ""
    }
    let parts = rest.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    segments = (parts.first ?? "").split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    items = parts.count == 2 ? parts[1].split(separator: "&").map(Item.init) : []
  }

  /// The path as it was written.
  var path: String { segments.joined(separator: "/") }

  /// The URL, without the fragment that no request has.
  var text: String {
    let authority = (userInfo.map { "\($0)@" } ?? "") + host
    let query = items.isEmpty ? "" : "?" + items.map(\.written).joined(separator: "&")
    return scheme + authority + path + query
  }

  /// The decoded segments behind the base URL's own path: from `api` on if the path has `/api/v1/`, else all of them.
  var ownSegments: [String] {
    let decoded = segments.dropFirst().map { PercentEncoding.decoded($0) }
    let start = decoded.indices.first { decoded[$0...].starts(with: ["api", "v1"]) } ?? decoded.startIndex
    return Array(decoded[start...])
  }
}
