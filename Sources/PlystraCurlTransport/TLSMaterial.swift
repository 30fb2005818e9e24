import CLibcurl
import PlystraCore

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The certificates that new connections trust and show, checked as far as can be done before one is made.
struct TLSMaterial: Sendable {
  typealias PEM = TransportConfiguration.PEM

  let certificateAuthorities: PEM?
  let clientCertificate: TransportConfiguration.ClientCertificate?

  /// - Throws: ``PlystraError`` of kind `configuration`, which names the setting and never quotes a text.
  init(
    certificateAuthorities: PEM?, clientCertificate: TransportConfiguration.ClientCertificate?
  ) throws(PlystraError) {
    self.certificateAuthorities = certificateAuthorities
    self.clientCertificate = clientCertificate
    try Self.validate(certificateAuthorities, "certificateAuthorities")
    try Self.validate(clientCertificate?.certificate, "clientCertificate.certificate")
    try Self.validate(clientCertificate?.privateKey, "clientCertificate.privateKey")
  }

  private static func validate(_ pem: PEM?, _ field: String) throws(PlystraError) {
    switch pem?.source {
    case nil: break
    case .file(let path):
      guard access(path, R_OK) == 0 else {
        throw .configuration(field, "there is no readable file at this path; give that of a PEM file")
      }
    case .text(let text):
      guard text.withExposedValue({ $0.contains("-----BEGIN ") }) else {
        throw .configuration(field, "the text is not PEM; it has no line that starts with -----BEGIN")
      }
      guard plystra_takes_pem_text() else {
        throw .configuration(field, "PEM text needs libcurl 7.77 or newer; give the path of a file instead")
      }
    }
  }

  // MARK: Easy handles

  /// Sets the material on a new handle.
  func apply(to easy: UnsafeMutableRawPointer) throws(TransportError) {
    try setAuthorities(of: easy, generation: 0)
    guard let client = clientCertificate else { return }
    try Self.set(client.certificate, CURLOPT_SSLCERT, CURLOPT_SSLCERT_BLOB, of: easy)
    try Self.set(client.privateKey, CURLOPT_SSLKEY, CURLOPT_SSLKEY_BLOB, of: easy)
    if let passphrase = client.passphrase {
      try check(passphrase.withExposedValue { plystra_easy_set_string(easy, CURLOPT_KEYPASSWD, $0) })
    }
  }

  /// Sets the authorities so that the handle uses no connection that a handle of another generation made, and reads a file
  /// anew that libcurl has read for another generation.
  ///
  /// libcurl offers a connection only to transfers whose options equal those that it was made with, and knows files by
  /// their paths. So each generation spells the path, or the end of the text, in its own way. After 256 generations a
  /// spelling comes again: by then no connection of the former one is left.
  ///
  /// - Parameter generation: 0 spells the path as it was given.
  func setAuthorities(of easy: UnsafeMutableRawPointer, generation: Int) throws(TransportError) {
    let repeats = generation % 256
    switch certificateAuthorities?.source {
    case .file(let path):
      try check(plystra_easy_set_string(easy, CURLOPT_CAINFO, Self.spelling(path, repeats)))
      try check(plystra_easy_set_string(easy, CURLOPT_CAPATH, nil))
    case .text(let text):
      try check(
        text.withExposedValue {
          Self.setText($0 + String(repeating: "\n", count: repeats), CURLOPT_CAINFO_BLOB, of: easy)
        })
      try check(plystra_easy_set_string(easy, CURLOPT_CAPATH, nil))
    case nil:
      guard generation > 0, let path = Self.systemAuthorities else { return }
      try check(plystra_easy_set_string(easy, CURLOPT_CAINFO, Self.spelling(path, repeats)))
    }
  }

  /// Whether generations are told apart.
  var tellsGenerationsApart: Bool { certificateAuthorities != nil || Self.systemAuthorities != nil }

  /// The file with the authorities that libcurl trusts by default, if it has one.
  private static let systemAuthorities: String? =
    plystra_default_authorities().map { String(cString: $0) }.flatMap { access($0, R_OK) == 0 ? $0 : nil }

  /// Another spelling of the same path.
  static func spelling(_ path: String, _ repeats: Int) -> String {
    let detour = String(repeating: "./", count: repeats)
    return path.hasPrefix("/") ? "/" + detour + path.dropFirst() : detour + path
  }

  private static func set(
    _ pem: PEM, _ fileOption: CURLoption, _ textOption: CURLoption, of easy: UnsafeMutableRawPointer
  ) throws(TransportError) {
    switch pem.source {
    case .file(let path): try check(plystra_easy_set_string(easy, fileOption, path))
    case .text(let text): try check(text.withExposedValue { setText($0, textOption, of: easy) })
    }
  }

  private static func setText(
    _ text: String, _ option: CURLoption, of easy: UnsafeMutableRawPointer
  ) -> CURLcode {
    var text = text
    return text.withUTF8 { plystra_easy_set_blob(easy, option, $0.baseAddress, $0.count) }
  }
}
