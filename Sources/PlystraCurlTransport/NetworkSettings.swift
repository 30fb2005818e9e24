import PlystraCore

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Where a configuration sends requests and what it trusts and speaks, checked before the first transfer.
struct NetworkSettings: Sendable {
  let proxy: TransportConfiguration.Proxy?
  let unixSocketPath: String?
  var material: TLSMaterial
  let speaksHTTP1Only: Bool

  /// Whether the proxy is reached by TLS.
  var speaksTLSToProxy: Bool { proxy?.url.lowercased().hasPrefix("https:") == true }

  /// - Throws: ``PlystraError`` of kind `configuration`, naming the setting and never a credential.
  init(_ configuration: TransportConfiguration) throws(PlystraError) {
    proxy = configuration.proxy
    unixSocketPath = configuration.unixSocketPath
    material = try TLSMaterial(
      certificateAuthorities: configuration.certificateAuthorities,
      clientCertificate: configuration.clientCertificate)
    switch configuration.httpVersion {
    case .negotiated: speaksHTTP1Only = false
    case .http1: speaksHTTP1Only = true
    default: throw .configuration("httpVersion", "is unknown; choose negotiated or http1")
    }
    try Self.checkKeyLog(isAllowed: configuration.allowsTLSKeyLog)
    if let proxy { try Self.check(proxy, usesEnvironmentProxy: configuration.usesEnvironmentProxy) }
    if let unixSocketPath { try Self.check(unixSocketPath, configuration) }
  }

  private static func check(
    _ unixSocketPath: String, _ configuration: TransportConfiguration
  ) throws(PlystraError) {
    guard unixSocketPath.hasPrefix("/"), unixSocketPath.utf8.count <= 103, !unixSocketPath.utf8.contains(0)
    else {
      throw .configuration("unixSocketPath", "give an absolute path of at most 103 bytes")
    }
    guard configuration.proxy == nil && !configuration.usesEnvironmentProxy else {
      throw .configuration("unixSocketPath", "is given together with a proxy; choose one of them")
    }
  }

  private static func check(
    _ proxy: TransportConfiguration.Proxy, usesEnvironmentProxy: Bool
  ) throws(PlystraError) {
    guard !usesEnvironmentProxy else {
      throw .configuration("proxy", "is given, and usesEnvironmentProxy is true; choose one of them")
    }
    guard isWhole(proxy.url) else {
      throw .configuration("proxy.url", "give http://host:port or https://host:port, without credentials")
    }
    guard proxy.username?.isEmpty != true, proxy.username?.contains(":") != true else {
      throw .configuration("proxy.username", "must not be empty nor hold a colon; leave it nil to send none")
    }
    guard proxy.password == nil || proxy.username != nil else {
      throw .configuration("proxy.username", "is missing; a password alone cannot be sent")
    }
  }

  /// Whether a proxy's URL has scheme, host and port, and nothing else but a slash at the end. Without a port, libcurl
  /// would take 1080.
  private static func isWhole(_ url: String) -> Bool {
    let url = url.lowercased()
    guard let scheme = ["http://", "https://"].first(where: { url.hasPrefix($0) }) else { return false }
    var authority = url.dropFirst(scheme.count)
    if authority.last == "/" { authority.removeLast() }
    let hexAndColons = "0123456789abcdef:.".utf8
    guard let colon = authority.lastIndex(of: ":") else { return false }
    let (host, port) = (authority[..<colon], authority[colon...].dropFirst())
    guard port.utf8.allSatisfy({ (0x30...0x39).contains($0) }), UInt16(port) ?? 0 > 0 else { return false }
    if host.first == "[" && host.last == "]" {
      return host.count > 2 && host.dropFirst().dropLast().utf8.allSatisfy { hexAndColons.contains($0) }
    }
    return !host.isEmpty
      && host.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) }
  }

  /// libcurl writes the keys of all its connections to the file that this variable names.
  private static func checkKeyLog(isAllowed: Bool) throws(PlystraError) {
    guard !isAllowed, let file = getenv("SSLKEYLOGFILE"), file.pointee != 0 else { return }
    throw .configuration(
      "allowsTLSKeyLog",
      "the environment variable SSLKEYLOGFILE is set, and libcurl would write the keys of TLS connections to that file;"
        + " unset it, or set allowsTLSKeyLog to true")
  }
}
