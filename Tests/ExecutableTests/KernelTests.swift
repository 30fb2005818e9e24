import Foundation
import PlystraCore
import TestSupport
import Testing

/// `plystra-kernel` as a person, or a client in another language, runs it.
@Suite struct KernelTests {
  @Test(arguments: [Int32(15), 2])
  func endsInOrderAtASignal(_ signal: Int32) async throws {
    let kernel = try Executable("plystra-kernel", ["--port", "0"])
    let line = try await kernel.firstLine()
    #expect(line.wholeMatch(of: #/listening on http://127\.0\.0\.1:[0-9]+/#) != nil)
    kernel.signal(signal)
    let outcome = try await kernel.outcome()
    #expect(outcome.status == 0)
    #expect(outcome.output == line + "\n")
  }

  @Test(arguments: [
    [], ["--port"], ["--port", "70000"], ["--port", "x"], ["--seed", "nowhere.json"], ["--what"],
  ])
  func refusesArgumentsThatMakeNoSense(_ arguments: [String]) async throws {
    let outcome = try await Executable.run("plystra-kernel", arguments)
    #expect(outcome.status != 0 && outcome.output.isEmpty)
    #expect(outcome.complaint.hasPrefix("plystra-kernel: "))
  }

  @Test func explainsItself() async throws {
    let outcome = try await Executable.run("plystra-kernel", ["--help"])
    #expect(outcome.status == 0 && outcome.complaint.isEmpty)
    for text in [
      "--port", "--seed", "--log", "ply_kernel_secret", "alice@example.com and bob@example.com",
      "plystra-demo",
      "SCOPE_OUT_OF_BOUNDS", "registration",
    ] {
      #expect(outcome.output.contains(text), "\(text)")
    }
  }

  @Test func logsARequestALine() async throws {
    let kernel = try Executable("plystra-kernel", ["--port", "0", "--log"])
    let port = try #require(
      Int(try await kernel.firstLine().replacing("listening on http://127.0.0.1:", with: "")))
    for path in ["/api/v1/health?token=canary", "/api/v1/capabilities"] {
      _ = try await RawClient.run(port: port) { connection in
        try connection.send(
          "GET \(path) HTTP/1.1\r\nHost: localhost\r\nX-Plystra-API-Key: ply_ak_canary.x\r\n"
            + "Connection: close\r\n\r\n")
        return try connection.readToEnd()
      }
    }
    kernel.signal(15)
    let outcome = try await kernel.outcome()
    #expect(outcome.status == 0)
    #expect(outcome.complaint == "GET /api/v1/health 200\nGET /api/v1/capabilities 401\n")
    #expect(outcome.output == "listening on http://127.0.0.1:\(port)\n")
  }

  @Test func saysNothingOfRequestsUnlessItIsToldTo() async throws {
    let kernel = try Executable("plystra-kernel", ["--port", "0"])
    let port = try #require(
      Int(try await kernel.firstLine().replacing("listening on http://127.0.0.1:", with: "")))
    _ = try await RawClient.run(port: port) { connection in
      try connection.send("GET /api/v1/health HTTP/1.0\r\n\r\n")
      return try connection.readToEnd()
    }
    kernel.signal(2)
    #expect(try await kernel.outcome().complaint.isEmpty)
  }

  @Test func namesFileLineAndKeyOfABadSeed() async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("seed-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent("world.json")
    let seeds = [
      (
        "{\n  \"users\": [\n    {\"id\": 5, \"password\": \"canary\"}\n  ]\n}",
        "users[0].id: expected a string, found a number (line 3)"
      ),
      ("{\n  \"users\": [}\n", "(line 2)"),
    ]
    for (text, complaint) in seeds {
      try Data(text.utf8).write(to: file)
      let outcome = try await Executable.run("plystra-kernel", ["--port", "0", "--seed", file.path])
      #expect(outcome.status == 1 && outcome.output.isEmpty)
      #expect(outcome.complaint.hasPrefix("plystra-kernel: seed file \(file.path): "))
      #expect(outcome.complaint.hasSuffix("\(complaint)\n"), "\(outcome.complaint)")
      #expect(!outcome.complaint.contains("canary"))
    }
  }

  @Test func servesTheWorldOfASeedFile() async throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("seed-\(UUID().uuidString).json")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data(#"{"resource_types": {"report": ["read"]}}"#.utf8).write(to: file)
    let kernel = try Executable("plystra-kernel", ["--port=0", "--seed=\(file.path)", "--log"])
    let port = try #require(
      Int(try await kernel.firstLine().replacing("listening on http://127.0.0.1:", with: "")))
    let bytes = try await RawClient.run(port: port) { connection in
      try connection.send(
        "GET /api/v1/resource-types HTTP/1.0\r\nX-Plystra-API-Key: ply_kernel_secret\r\n\r\n")
      return try connection.readToEnd()
    }
    kernel.signal(15)
    _ = try await kernel.outcome()
    #expect(String(decoding: bytes, as: UTF8.self).contains("\"key\":\"report\""))
  }
}
