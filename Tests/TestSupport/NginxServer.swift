import Foundation
import PlystraCore

/// An nginx of a test's own on loopback, with TLS and HTTP/2, that answers every request alike: with an envelope, or by
/// sending it elsewhere.
///
/// Its answer's headers tell what it saw: `X-Seen-Protocol`, `X-Seen-Client` (the subject of the client's
/// certificate), `X-Seen-Connection` and `X-Seen-Request`, the numbers of the connection and of the request on it, and
/// `X-Seen-Session`, `r` if the TLS session was resumed.
package final class NginxServer: Sendable {
  /// What a client must show.
  package enum ClientCheck: Sendable { case none, required }

  /// The port it listens on.
  package let port: Int
  private let folder: URL
  /// Keeps the certificates' folder, in which the server's own lies, for as long as the server runs.
  private let certificates: TestCertificates

  /// Starts it, and returns once it listens.
  ///
  /// A free port is chosen first and may be taken by the time nginx wants it; then another is tried.
  package static func start(
    _ server: TestCertificates.Server, of certificates: TestCertificates, clients: ClientCheck = .none,
    redirectingTo location: String? = nil
  ) throws -> NginxServer {
    for _ in 0..<4 {
      if let nginx = try? NginxServer(server, certificates, clients, location) { return nginx }
    }
    return try NginxServer(server, certificates, clients, location)
  }

  /// nginx opens its sockets before it leaves the foreground, so that once the command has ended, it listens.
  private init(
    _ server: TestCertificates.Server, _ certificates: TestCertificates, _ clients: ClientCheck,
    _ location: String?
  ) throws {
    self.certificates = certificates
    let probe = try RawServer.responding()
    port = probe.port
    probe.stop()
    folder = certificates.folder.appendingPathComponent("nginx-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let configuration = Self.configuration(
      port: port, folder: folder.path, certificate: certificates.file(server.rawValue),
      authority: clients == .required ? certificates.authority : nil,
      answer: location.map { "return 307 \($0);" }
        ?? #"return 200 '{"data":{"status":"ok"},"request_id":"req_nginx"}';"#)
    try Data(configuration.utf8).write(to: folder.appendingPathComponent("nginx.conf"))
    try Program.run(
      "nginx", ["-p", folder.path, "-c", folder.path + "/nginx.conf", "-e", folder.path + "/error.log"],
      in: folder)
  }

  deinit { stop() }

  /// Ends it.
  package func stop() {
    let file = folder.appendingPathComponent("nginx.pid")
    guard let text = try? String(contentsOf: file, encoding: .utf8),
      let process = Int32(text.trimmingCharacters(in: .whitespacesAndNewlines))
    else { return }
    try? FileManager.default.removeItem(at: file)
    kill(process, SIGTERM)
  }

  private static func configuration(
    port: Int, folder: String, certificate: String, authority: String?, answer: String
  ) -> String {
    let clients = authority.map { "ssl_client_certificate \($0); ssl_verify_client on;" } ?? ""
    return """
      daemon on; master_process off; worker_processes 1; pid \(folder)/nginx.pid;
      events { worker_connections 256; }
      http {
        access_log off; keepalive_timeout 1h;
        client_body_temp_path \(folder)/body; proxy_temp_path \(folder)/proxy;
        fastcgi_temp_path \(folder)/fastcgi; uwsgi_temp_path \(folder)/uwsgi; scgi_temp_path \(folder)/scgi;
        server {
          listen 127.0.0.1:\(port) ssl http2;
          ssl_session_cache shared:sessions:1m;
          ssl_certificate \(certificate).pem; ssl_certificate_key \(certificate).key; \(clients)
          add_header X-Seen-Protocol $server_protocol always;
          add_header X-Seen-Client $ssl_client_s_dn always;
          add_header X-Seen-Connection $connection always;
          add_header X-Seen-Session $ssl_session_reused always;
          add_header X-Seen-Request $connection_requests always;
          default_type application/json;
          location / { \(answer) }
        }
      }
      """
  }
}
