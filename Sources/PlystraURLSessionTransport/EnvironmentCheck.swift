import PlystraCore

/// Refuses surroundings in which URLSession would do what the configuration rules out.
enum EnvironmentCheck {
  /// The variables that libcurl, beneath FoundationNetworking, takes a proxy from.
  private static let proxyVariables = ["http_proxy", "https_proxy", "all_proxy"]
    .flatMap { [$0, $0.uppercased()] }
  /// Makes libcurl write the keys of TLS connections to a file.
  private static let keyLogVariable = "SSLKEYLOGFILE"
  /// Makes FoundationNetworking log each request as it goes on the wire.
  private static let debugVariable = "URLSessionDebugLibcurl"

  /// Checks the settings against what this platform's URLSession can do with these environment variables.
  ///
  /// - Throws: `PlystraError` of kind `.configuration`, which names a variable but never its value: proxy
  ///   URLs may hold passwords.
  static func check(
    _ configuration: TransportConfiguration, environment: [String: String]
  ) throws(PlystraError) {
    guard (1...1024).contains(configuration.connectionsPerHost) else {
      throw .configuration(
        "connectionsPerHost", "must be 1…1024, not \(configuration.connectionsPerHost)")
    }
    if configuration.connectTimeout != nil {
      throw .configuration(
        "connectTimeout",
        "URLSession has no separate time to connect; leave it nil, so that the request's timeout covers"
          + " connecting, or use CurlTransport")
    }
    if let age = configuration.maximumConnectionAge, age < .seconds(1) {
      throw .configuration("maximumConnectionAge", "is \(age); choose 1 s or more, or nil for no limit")
    }
    let unavailable: [(field: String, isSet: Bool)] = [
      ("proxy", configuration.proxy != nil),
      ("unixSocketPath", configuration.unixSocketPath != nil),
      ("certificateAuthorities", configuration.certificateAuthorities != nil),
      ("clientCertificate", configuration.clientCertificate != nil),
      ("httpVersion", configuration.httpVersion != .negotiated),
    ]
    if let setting = unavailable.first(where: \.isSet) {
      throw .configuration(
        setting.field, "cannot be honoured by URLSession; leave it as it is by default, or use CurlTransport")
    }
    #if canImport(FoundationNetworking)
    if !configuration.usesEnvironmentProxy,
      let variable = proxyVariables.first(where: { environment[$0]?.isEmpty == false })
    {
      throw .configuration(
        "usesEnvironmentProxy",
        "the environment variable \(variable) is set, and URLSession would obey it; unset it, set"
          + " usesEnvironmentProxy to true to send requests through that proxy, or use CurlTransport")
    }
    if !configuration.allowsTLSKeyLog, environment[keyLogVariable]?.isEmpty == false {
      throw .configuration(
        "allowsTLSKeyLog",
        "the environment variable \(keyLogVariable) is set, and URLSession would write the keys of TLS connections to that"
          + " file; unset it, or set allowsTLSKeyLog to true")
    }
    if environment[debugVariable] != nil {
      throw .configuration(
        debugVariable,
        "this environment variable makes URLSession log every header, credentials included; unset it, or use"
          + " CurlTransport")
    }
    #else
    if configuration.usesEnvironmentProxy {
      throw .configuration(
        "usesEnvironmentProxy",
        "URLSession of this platform does not read proxies from the environment; leave it false, or use"
          + " CurlTransport")
    }
    #endif
  }
}
