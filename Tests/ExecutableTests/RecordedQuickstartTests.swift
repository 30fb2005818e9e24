import Foundation
import PlystraCore
import TestSupport
import Testing

/// `plystra-quickstart`, recorded against a kernel that is served, and replayed without one.
@Suite struct RecordedQuickstartTests {
  /// Whatever a recording must not hold: the demo data's credentials, and the shape of its tokens.
  private static let secrets = [
    "plystra-demo", "alice@example.com", "alice%40example.com", "ply_kernel_secret", "ply_at_", "ply_rt_",
  ]

  /// What a run printed after its first line, which says where requests went.
  private func steps(_ outcome: Executable.Outcome) -> [String] {
    // Each run has a request id of its own.
    outcome.output.replacing(/req_quickstart_[-0-9a-f]{36}/, with: "ID").split(separator: "\n").dropFirst()
      .map(String.init)
  }

  /// Runs the program twice, the second time against what the first recorded.
  private func recordAndReplay(_ environment: [String: String]) async throws -> String {
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("quickstart-\(UUID().uuidString).har").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let recorded = try await Executable.run(
      "plystra-quickstart", environment: environment.merging(["PLYSTRA_RECORD": path]) { $1 })
    #expect(recorded.status == 0, "\(recorded.complaint)")
    #expect(recorded.output.contains("recorded to \(path)"))

    let replayed = try await Executable.run(
      "plystra-quickstart", environment: ["PLYSTRA_TRANSPORT": "fixture", "PLYSTRA_FIXTURE": path])
    #expect(replayed.status == 0, "\(replayed.complaint)")
    #expect(replayed.output.contains("a replay of \(path)") && replayed.complaint.isEmpty)
    #expect(steps(replayed) == steps(recorded) && steps(replayed).count > 20)

    let again = try await Executable.run("plystra-quickstart", environment: ["PLYSTRA_RECORD": path])
    #expect(again.status == 2 && again.complaint.contains("it exists already"))
    return try String(contentsOfFile: path, encoding: .utf8)
  }

  @Test(arguments: ["curl", "urlsession"])
  func aKernelOnLoopback(_ transport: String) async throws {
    let text = try await recordAndReplay(["PLYSTRA_TRANSPORT": transport])
    for secret in Self.secrets { #expect(!text.contains(secret), "\(secret)") }
    let entries = try JSONValue(parsing: text.utf8)["log"]?["entries"]?.arrayValue ?? []
    #expect(entries.count == 9)
  }

  @Test func aKernelOfItsOwnProcess() async throws {
    let kernel = try Executable("plystra-kernel", ["--port", "0"])
    defer { kernel.signal(15) }
    let url = try await kernel.firstLine().replacing("listening on ", with: "")
    var environment = ["PLYSTRA_URL": url, "PLYSTRA_API_KEY": "ply_kernel_secret"]
    let withoutLogin = try await recordAndReplay(environment)
    environment["PLYSTRA_EMAIL"] = "alice@example.com"
    environment["PLYSTRA_PASSWORD"] = "plystra-demo"
    let withLogin = try await recordAndReplay(environment)
    for secret in Self.secrets { #expect(!(withoutLogin + withLogin).contains(secret), "\(secret)") }
    #expect(withLogin.contains("auth/login") && !withoutLogin.contains("auth/login"))
  }
}
