import Foundation
import PlystraCore
import TestSupport

/// An nginx with one worker that gives the sample response, with the id of the request, to every request.
///
/// `/connections` tells how many connections it has accepted. Below `/reading` it responds after it has read the request's
/// body, at the price of a request to itself; otherwise as soon as it has the headers.
final class Nginx {
  let port: Int
  /// The path of a PEM file with the authority of its certificate, or nil without TLS.
  var authority: String? { certificates?.authority }
  private let certificates: TestCertificates?
  private let folder: URL

  static func start(_ scheme: Endpoint.Scheme, http: Int) throws -> Nginx {
    let certificates = scheme == .https ? try TestCertificates() : nil
    // A port that is free now may be taken by the time nginx wants it.
    for _ in 0..<4 {
      if let nginx = try? Nginx(certificates, http: http) { return nginx }
    }
    return try Nginx(certificates, http: http)
  }

  private init(_ certificates: TestCertificates?, http: Int) throws {
    self.certificates = certificates
    let probe = try RawServer.responding()
    port = probe.port
    probe.stop()
    folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("plystra-benchmarks-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let file = folder.appendingPathComponent("nginx.conf")
    try Data(try configuration(http: http).utf8).write(to: file)
    // It opens its socket before it leaves the foreground.
    try Program.run(
      "nginx", ["-p", folder.path, "-c", file.path, "-e", folder.path + "/error.log"], in: folder)
  }

  deinit {
    let text = try? String(contentsOf: folder.appendingPathComponent("nginx.pid"), encoding: .utf8)
    // First, because nginx removes its files as well when it ends.
    try? FileManager.default.removeItem(at: folder)
    if let process = text.flatMap({ Int32($0.trimmingCharacters(in: .whitespacesAndNewlines)) }) {
      kill(process, SIGTERM)
    }
  }

  /// Connections stay open however many requests they carry; an idle one is closed after half a minute, which a client
  /// must survive without spinning (`--idle`).
  private func configuration(http: Int) throws -> String {
    let folder = folder.path
    let response = String(decoding: try SampleCall.response(to: "$http_x_request_id"), as: UTF8.self)
    let certificate = certificates?.file(TestCertificates.Server.valid.rawValue) ?? ""
    let tls =
      certificates == nil
      ? ""
      : "ssl_protocols TLSv1.2 TLSv1.3; ssl_certificate \(certificate).pem; ssl_certificate_key \(certificate).key;"
    return """
      daemon on; master_process off; worker_processes 1; pid \(folder)/nginx.pid;
      events { worker_connections 4096; }
      http {
        access_log off; keepalive_requests 1000000000; keepalive_time 1d; keepalive_timeout 30s;
        client_body_temp_path \(folder)/body; proxy_temp_path \(folder)/proxy;
        fastcgi_temp_path \(folder)/fastcgi; uwsgi_temp_path \(folder)/uwsgi; scgi_temp_path \(folder)/scgi;
        server {
          listen 127.0.0.1:\(port) backlog=4096\(certificates == nil ? "" : " ssl")\(http == 2 ? " http2" : ""); \(tls)
          add_header X-Request-ID $http_x_request_id; add_header Cache-Control no-store;
          default_type application/json;
          location / { return 200 '\(response)'; }
          location = /connections { stub_status; }
          location /reading/ { log_not_found off; mirror /read; error_page 404 = @read; }
          location = /read { internal; return 204; }
          location @read { return 200 '\(response)'; }
        }
      }
      """
  }
}
