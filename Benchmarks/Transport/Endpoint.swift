/// Where contenders send their calls, and how they speak to it.
struct Endpoint {
  enum Scheme: String, CaseIterable { case http, https }

  let url: String
  /// The path of a PEM file with the certificate authority to trust, or nil without TLS.
  var authority: String?
  /// The version of HTTP: 1, or 2 over TLS.
  var http = 1
}

extension Endpoint {
  /// Reads what `arguments` says.
  init?(_ arguments: ArraySlice<String>) {
    guard let url = arguments.first, let http = arguments.dropFirst().first.flatMap({ Int($0) }) else {
      return nil
    }
    self.init(url: url, authority: arguments.dropFirst(2).first, http: http)
  }

  /// This, for the command line of a contender's process.
  var arguments: [String] { [url, String(http)] + (authority.map { [$0] } ?? []) }
}
