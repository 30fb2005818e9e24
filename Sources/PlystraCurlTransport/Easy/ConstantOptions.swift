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
    if !usesEnvironmentProxy { try setProxy(of: easy) }
    try setTrust(of: easy)
  }

  /// Sets the proxy, or that there is none; either keeps libcurl from looking into the environment.
  private func setProxy(of easy: UnsafeMutableRawPointer) throws(TransportError) {
    let proxy = network.proxy
    try check(plystra_easy_set_string(easy, CURLOPT_PROXY, proxy?.url ?? ""))
    try check(plystra_easy_set_string(easy, CURLOPT_NOPROXY, ""))
    guard let username = proxy?.username else { return }
    try check(plystra_easy_set_string(easy, CURLOPT_PROXYUSERNAME, username))
    try Self.set(proxy?.password, CURLOPT_PROXYPASSWORD, of: easy)
  }

  private func setTrust(of easy: UnsafeMutableRawPointer) throws(TransportError) {
    if let path = network.certificateAuthorities {
      try check(plystra_easy_set_string(easy, CURLOPT_CAINFO, path))
      try check(plystra_easy_set_string(easy, CURLOPT_CAPATH, nil))
    }
    if let client = network.clientCertificate {
      try check(plystra_easy_set_string(easy, CURLOPT_SSLCERT, client.certificate))
      try check(plystra_easy_set_string(easy, CURLOPT_SSLKEY, client.privateKey))
      try Self.set(client.passphrase, CURLOPT_KEYPASSWD, of: easy)
    }
    if !negotiatesHTTP2 {
      try check(plystra_easy_set_long(easy, CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1)))
    }
  }

  private static func set(
    _ secret: Secret?, _ option: CURLoption, of easy: UnsafeMutableRawPointer
  ) throws(TransportError) {
    guard let secret else { return }
    try check(secret.withExposedValue { plystra_easy_set_string(easy, option, $0) })
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
