import Foundation
import PlystraCore
import Testing

@testable import PlystraTesting

/// The server as a client sees it that nobody here has written.
@Suite("HTTP server: curl", .enabled(if: FileManager.default.isExecutableFile(atPath: Curl.path)))
struct HTTPServerCurlTests {
  @Test("exchanges with GET, POST, HEAD, chunks, 100-continue and HTTP/1.0 as curl makes them")
  func exchanges() async throws {
    let server = try HTTPServer.echoing()
    let url = server.url
    let large = String(repeating: "x", count: (1 << 20) + 100)
    let rows: [(arguments: [String], input: String, output: String)] = [
      (["\(url)/a?b"], "", "GET \(url)/a?b [] 127.0.0.1"),
      (["--http1.0", "\(url)/a"], "", "GET \(url)/a [] 127.0.0.1"),
      (["-d", "x=y", "\(url)/p"], "", "POST \(url)/p [x=y] 127.0.0.1"),
      (["-H", "Transfer-Encoding: chunked", "-d", "x=y", "\(url)/c"], "", "POST \(url)/c [x=y] 127.0.0.1"),
      (["-H", "Expect: 100-continue", "-d", "x=y", "\(url)/e"], "", "POST \(url)/e [x=y] 127.0.0.1"),
      (["-T", "-", "\(url)/t"], large, "PUT \(url)/t [\(large)] 127.0.0.1"),
      (["-I", "-o", "/dev/null", "-w", "%{http_code}", url], "", "200"),
      (
        ["\(url)/1", "\(url)/2", "-w", "+%{num_connects} "], "",
        "GET \(url)/1 [] 127.0.0.1+1 GET \(url)/2 [] 127.0.0.1+0 "
      ),
    ]
    for row in rows {
      let result = try await Curl.run(row.arguments, input: row.input)
      #expect(result.output == row.output)
      #expect(result.status == 0)
    }
    await server.stop()
  }

  @Test("curl gets to read the refusal of a body that it is still sending")
  func tooLarge() async throws {
    let server = try HTTPServer.echoing()
    let input = String(repeating: "x", count: 5 << 20)
    let result = try await Curl.run(
      ["-T", "-", "-H", "Expect:", "-o", "/dev/null", "-w", "%{http_code}", server.url], input: input)
    #expect(result.output == "413")
    await server.stop()
  }
}

enum Curl {
  static let path = "/usr/bin/curl"

  /// Runs curl without a configuration file or proxies.
  static func run(_ arguments: [String], input: String) async throws -> (output: String, status: Int32) {
    // A file, because writing to the pipe of a process that ends early raises SIGPIPE.
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("curl-\(UUID())")
    try Data(input.utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let curl = Process()
    let output = Pipe()
    curl.executableURL = URL(fileURLWithPath: path)
    curl.arguments = ["-q", "-s", "--noproxy", "*", "--max-time", "20"] + arguments
    curl.standardInput = try FileHandle(forReadingFrom: file)
    curl.standardOutput = output
    return try await withCheckedThrowingContinuation { continuation in
      Thread.detachNewThread {
        do {
          try curl.run()
          let text = try output.fileHandleForReading.readToEnd() ?? Data()
          curl.waitUntilExit()
          continuation.resume(returning: (String(decoding: text, as: UTF8.self), curl.terminationStatus))
        } catch {
          continuation.resume(throwing: error)
        }
      }
    }
  }
}
