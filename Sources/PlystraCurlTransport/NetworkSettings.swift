import Foundation
import PlystraCore

/// The proxy, the trust and the versions that a configuration asks for, checked before the first transfer.
struct NetworkSettings: Sendable {
  let proxy: TransportConfiguration.Proxy?
  let certificateAuthorities: String?
  let clientCertificate: TransportConfiguration.ClientCertificate?
  let speaksHTTP1Only: Bool

  /// Whether the proxy is reached by TLS.
  var speaksTLSToProxy: Bool { proxy?.url.lowercased().hasPrefix("https:") == true }

  /// - Throws: ``PlystraError`` of kind `configuration`, naming the setting and never a credential.
  init(_ configuration: TransportConfiguration) throws(PlystraError) {
    proxy = configuration.proxy
    certificateAuthorities = configuration.certificateAuthorities
    clientCertificate = configuration.clientCertificate
    switch configuration.httpVersion {
    case .negotiated: speaksHTTP1Only = false
    case .http1: speaksHTTP1Only = true
    default: throw .configuration("httpVersion", "is unknown; choose negotiated or http1")
    }
    if let proxy { try Self.check(proxy, usesEnvironmentProxy: configuration.usesEnvironmentProxy) }
    if let certificateAuthorities { try Self.checkFile(certificateAuthorities, "certificateAuthorities") }
    if let clientCertificate {
      try Self.checkFile(clientCertificate.certificate, "clientCertificate.certificate")
      try Self.checkFile(clientCertificate.privateKey, "clientCertificate.privateKey")
    }
  }

  private static func check(
    _ proxy: TransportConfiguration.Proxy, usesEnvironmentProxy: Bool
  ) throws(PlystraError) {
    guard !usesEnvironmentProxy else {
      throw .configuration("proxy", "is given, and usesEnvironmentProxy is true; choose one of them")
    }
    guard proxy.url.wholeMatch(of: #/(?i:https?)://[A-Za-z0-9._\[\]:-]+/?/#) != nil else {
      throw .configuration("proxy.url", "give http://host:port or https://host:port, without credentials")
    }
    guard proxy.username?.isEmpty != true, proxy.username?.contains(":") != true else {
      throw .configuration("proxy.username", "must not be empty nor hold a colon; leave it nil to send none")
    }
    guard proxy.password == nil || proxy.username != nil else {
      throw .configuration("proxy.username", "is missing; a password alone cannot be sent")
    }
  }

  private static func checkFile(_ path: String, _ field: String) throws(PlystraError) {
    guard FileManager.default.isReadableFile(atPath: path) else {
      throw .configuration(field, "there is no readable file at this path; give that of a PEM file")
    }
  }
}
