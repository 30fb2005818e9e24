package import Foundation

/// An authority of a test's own with the certificates it issued, as PEM files in a folder of their own.
package final class TestCertificates: Sendable {
  /// The certificates for servers: each has a file `NAME.pem` and a key `NAME.key`.
  package enum Server: String, CaseIterable, Sendable {
    /// For `localhost` and `127.0.0.1`.
    case valid
    /// The same, ended yesterday.
    case expired
    /// For a host of another name.
    case foreign
    /// For `localhost`, issued by nobody but itself.
    case selfSigned
  }

  /// Why tests with certificates cannot run here, or nil if they can.
  package static let obstacle: String? =
    Program.path(of: "openssl") == nil || Program.path(of: "nginx") == nil
    ? "nginx or openssl is missing; run Scripts/bootstrap --tests" : nil

  /// The folder.
  package let folder: URL
  /// The path of the authority's own certificate.
  package var authority: String { file("authority.pem") }
  /// The path of a client's certificate, and of its key, which `clientPassphrase` opens.
  package var client: (certificate: String, key: String) {
    (file("client.pem"), file("client-encrypted.key"))
  }
  package let clientPassphrase = "canary-passphrase"

  /// Makes an authority and its certificates.
  package init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("plystra-tls-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let local = "subjectAltName=DNS:localhost,IP:127.0.0.1"
    try selfSigned("authority", subject: "/CN=Test authority", extension: "basicConstraints=critical,CA:TRUE")
    try selfSigned("selfSigned", subject: "/CN=localhost", extension: local)
    try issue("valid", names: local, days: 2)
    try issue("expired", names: local, days: -1)
    try issue("foreign", names: "subjectAltName=DNS:other.example", days: 2)
    try issue("client", names: "subjectAltName=DNS:client.example", days: 2)
    try openssl([
      "pkcs8", "-topk8", "-in", "client.key", "-out", "client-encrypted.key", "-passout",
      "pass:\(clientPassphrase)",
    ])
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// The path of a file in the folder.
  package func file(_ name: String) -> String { folder.appendingPathComponent(name).path }

  private func selfSigned(_ name: String, subject: String, extension: String) throws {
    try openssl(
      ["req", "-x509"] + Self.newKey(name)
        + ["-out", "\(name).pem", "-subj", subject, "-days", "2", "-addext", `extension`])
  }

  private func issue(_ name: String, names: String, days: Int) throws {
    try Data(names.utf8).write(to: folder.appendingPathComponent("\(name).ext"))
    try openssl(["req"] + Self.newKey(name) + ["-out", "\(name).csr", "-subj", "/CN=\(name)"])
    try openssl([
      "x509", "-req", "-in", "\(name).csr", "-CA", "authority.pem", "-CAkey", "authority.key",
      "-CAcreateserial",
      "-days", String(days), "-extfile", "\(name).ext", "-out", "\(name).pem",
    ])
  }

  private static func newKey(_ name: String) -> [String] {
    ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", "\(name).key"]
  }

  private func openssl(_ arguments: [String]) throws { try Program.run("openssl", arguments, in: folder) }
}
