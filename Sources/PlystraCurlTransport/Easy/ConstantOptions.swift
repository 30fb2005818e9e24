import CLibcurl
import PlystraCore

// The options of easy handles that are the same for all transfers of a transport.

extension TransferLimits {
  /// Whether servers are offered HTTP/2 over TLS.
  var negotiatesHTTP2: Bool { !network.speaksHTTP1Only && plystra_speaks_http2() }

  /// Sets the options on a new handle.
  func apply(to easy: UnsafeMutableRawPointer) throws(TransportError) {
    try check(plystra_easy_allow_only_http(easy))
    try check(plystra_easy_abandon_lookups(easy))
    try check(plystra_easy_demand_tls12(easy))
    // Certificates that the system comes to trust, or no longer trusts, are known within the hour.
    plystra_easy_keep_trust_store(easy, 3600)
    // Every encoding that this libcurl can decode.
    try check(plystra_easy_set_string(easy, CURLOPT_ACCEPT_ENCODING, ""))
    for (option, value) in Self.constantOptions {
      try check(plystra_easy_set_long(easy, option, value))
    }
    try check(plystra_easy_set_long(easy, CURLOPT_MAXAGE_CONN, idleSeconds))
    if let maximumAgeSeconds { plystra_easy_set_maximum_age(easy, maximumAgeSeconds) }
    if let path = network.unixSocketPath {
      try check(plystra_easy_set_string(easy, CURLOPT_UNIX_SOCKET_PATH, path))
    }
    if !usesEnvironmentProxy { try setProxy(of: easy) }
    try network.material.apply(to: easy)
  }

  /// Sets the proxy, or that there is none; either keeps libcurl from looking into the environment.
  private func setProxy(of easy: UnsafeMutableRawPointer) throws(TransportError) {
    let proxy = network.proxy
    try check(plystra_easy_set_string(easy, CURLOPT_PROXY, proxy?.url ?? ""))
    try check(plystra_easy_set_string(easy, CURLOPT_NOPROXY, ""))
    guard let username = proxy?.username else { return }
    try check(plystra_easy_set_string(easy, CURLOPT_PROXYUSERNAME, username))
    if let password = proxy?.password {
      try check(password.withExposedValue { plystra_easy_set_string(easy, CURLOPT_PROXYPASSWORD, $0) })
    }
  }

  private static let constantOptions: [(CURLoption, Int)] = [
    (CURLOPT_NOSIGNAL, 1),
    (CURLOPT_FOLLOWLOCATION, 0),
    (CURLOPT_HTTP09_ALLOWED, 0),
    (CURLOPT_PATH_AS_IS, 1),
    (CURLOPT_DISALLOW_USERNAME_IN_URL, 1),
    (CURLOPT_NETRC, Int(CURL_NETRC_IGNORED.rawValue)),
    (CURLOPT_SSL_VERIFYPEER, 1),
    (CURLOPT_SSL_VERIFYHOST, 2),
    // A proxy's own response to CONNECT is not part of the server's.
    (CURLOPT_SUPPRESS_CONNECT_HEADERS, 1),
    (CURLOPT_TCP_NODELAY, 1),
    (CURLOPT_TCP_KEEPALIVE, 1),
    (CURLOPT_TCP_KEEPIDLE, 60),
    (CURLOPT_TCP_KEEPINTVL, 30),
  ]
}
