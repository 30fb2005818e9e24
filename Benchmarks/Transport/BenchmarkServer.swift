import Foundation
import PlystraCore
import PlystraTesting
import TestSupport

/// A server on loopback, in a process of its own, that gives the sample answer to every request.
final class BenchmarkServer {
  /// What it is, as a report names it.
  let name: String
  let port: String
  var url: String { "http://127.0.0.1:\(port)" }
  private let end: () -> Void

  private init(name: String, port: String, end: @escaping () -> Void) {
    self.name = name
    self.port = port
    self.end = end
  }

  deinit { end() }

  /// nginx where it is installed, else a server of this package.
  static func start() throws -> BenchmarkServer {
    guard Program.path(of: "nginx") != nil else { return try start(delay: .zero) }
    let process = try ChildProcess(["serve", "nginx"])
    return BenchmarkServer(name: "nginx", port: try process.answer()) { process.end() }
  }

  /// A server of this package, which waits before it answers.
  static func start(delay: Duration) throws -> BenchmarkServer {
    let milliseconds = delay / .milliseconds(1)
    let process = try ChildProcess(["serve", String(Int(milliseconds))])
    return BenchmarkServer(name: "HTTPServer", port: try process.answer()) { process.end() }
  }

  /// What a process is there for that `start(delay:)` makes: it serves until its input ends.
  static func serve(delay: Duration) async throws {
    let answer = TransportResponse(
      status: 200, headers: ["Content-Type": "application/json"], body: try SampleCall.answer())
    let server = try HTTPServer(
      handler: ServerHandler { _, _ in
        if delay > .zero { try? await Task.sleep(for: delay) }
        return answer
      })
    StandardOutput.print(server.port)
    for await _ in StandardInput.lines() {}
    await server.stop(within: .zero)
  }

  /// What a process is there for that `start()` makes: it keeps an nginx until its input ends, be it because this
  /// program was killed, which nginx would outlive.
  static func serveNginx() async throws {
    // A port that is free now may be taken by the time nginx wants it.
    var server = try? startNginx()
    for _ in 0..<4 where server == nil { server = try? startNginx() }
    let nginx = try server ?? startNginx()
    StandardOutput.print(nginx.port)
    for await _ in StandardInput.lines() {}
    withExtendedLifetime(nginx) {}
  }

  private static func startNginx() throws -> BenchmarkServer {
    let probe = try RawServer.responding()
    let port = probe.port
    probe.stop()
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("plystra-benchmarks-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let file = folder.appendingPathComponent("nginx.conf")
    try Data(try configuration(port: port, folder: folder.path).utf8).write(to: file)
    // It opens its socket before it leaves the foreground.
    try Program.run(
      "nginx", ["-p", folder.path, "-c", file.path, "-e", folder.path + "/error.log"], in: folder)
    return BenchmarkServer(name: "nginx", port: String(port)) {
      let text = try? String(contentsOf: folder.appendingPathComponent("nginx.pid"), encoding: .utf8)
      if let process = text.flatMap({ Int32($0.trimmingCharacters(in: .whitespacesAndNewlines)) }) {
        kill(process, SIGTERM)
      }
      try? FileManager.default.removeItem(at: folder)
    }
  }

  private static func configuration(port: Int, folder: String) throws -> String {
    """
    daemon on; master_process off; worker_processes 1; pid \(folder)/nginx.pid;
    events { worker_connections 4096; }
    http {
      access_log off; keepalive_requests 1000000000; keepalive_timeout 120s; default_type application/json;
      client_body_temp_path \(folder)/body; proxy_temp_path \(folder)/proxy;
      fastcgi_temp_path \(folder)/fastcgi; uwsgi_temp_path \(folder)/uwsgi; scgi_temp_path \(folder)/scgi;
      server {
        listen 127.0.0.1:\(port) backlog=4096;
        add_header X-Request-ID $http_x_request_id; add_header Cache-Control no-store;
        location / { return 200 '\(String(decoding: try SampleCall.answer(), as: UTF8.self))'; }
      }
    }
    """
  }
}
