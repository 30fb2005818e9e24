import TestSupport
import Testing

/// `plystra-quickstart` as a person runs it.
@Suite struct QuickstartTests {
  @Test(arguments: [[:], ["PLYSTRA_TRANSPORT": "curl"], ["PLYSTRA_TRANSPORT": "urlsession"]])
  func showsBothDecisions(_ environment: [String: String]) async throws {
    let outcome = try await Executable.run("plystra-quickstart", environment: environment)
    #expect(outcome.status == 0, "\(outcome.complaint)")
    #expect(outcome.complaint.isEmpty)
    for text in [
      "member_finance_reviewer", "allow", "deny", "SCOPE_OUT_OF_BOUNDS", "trc_", "audit_", "req_quickstart_",
      "target group legal.emea is outside anchor group finance.", "Everything went as shown.",
    ] {
      #expect(outcome.output.contains(text))
    }
    for secret in ["plystra-demo", "ply_kernel_secret", "ply_at_", "ply_rt_"] {
      #expect(!outcome.output.contains(secret))
    }
  }

  @Test(arguments: ["curl", "urlsession"])
  func talksToAService(_ transport: String) async throws {
    let kernel = try Executable("plystra-kernel", ["--port", "0"])
    defer { kernel.signal(15) }
    let url = try await kernel.firstLine().replacing("listening on ", with: "")
    var environment = [
      "PLYSTRA_URL": url, "PLYSTRA_API_KEY": "ply_kernel_secret", "PLYSTRA_TRANSPORT": transport,
    ]
    let withoutLogin = try await Executable.run("plystra-quickstart", environment: environment)
    #expect(withoutLogin.status == 0, "\(withoutLogin.complaint)")
    #expect(withoutLogin.output.contains("skipped"))
    environment["PLYSTRA_EMAIL"] = "alice@example.com"
    environment["PLYSTRA_PASSWORD"] = "plystra-demo"
    let withLogin = try await Executable.run("plystra-quickstart", environment: environment)
    #expect(withLogin.status == 0 && withLogin.output.contains("user_alice"))
    environment["PLYSTRA_API_KEY"] = "ply_ak_canary.secret"
    let unknownKey = try await Executable.run("plystra-quickstart", environment: environment)
    #expect(unknownKey.status == 1 && unknownKey.complaint.contains("AUTHENTICATION_REQUIRED"))
    #expect(!unknownKey.complaint.contains("canary") && !unknownKey.output.contains("canary"))
  }

  @Test(arguments: [
    (["PLYSTRA_URL": "https://plystra.internal"], "PLYSTRA_API_KEY is not"),
    (["PLYSTRA_API_KEY": "canary"], "PLYSTRA_URL is not"),
    (["PLYSTRA_TRANSPORT": "pigeon"], "PLYSTRA_TRANSPORT must be curl or urlsession, or fixture"),
    (["PLYSTRA_TRANSPORT": "fixture"], "a replay takes PLYSTRA_TRANSPORT=fixture and PLYSTRA_FIXTURE"),
    (["PLYSTRA_FIXTURE": "a.har"], "a replay takes PLYSTRA_TRANSPORT=fixture and PLYSTRA_FIXTURE"),
    (
      ["PLYSTRA_TRANSPORT": "fixture", "PLYSTRA_FIXTURE": "a.har", "PLYSTRA_RECORD": "b.har"],
      "neither PLYSTRA_URL, PLYSTRA_API_KEY nor PLYSTRA_RECORD"
    ),
    (["PLYSTRA_TRANSPORT": "fixture", "PLYSTRA_FIXTURE": "none.har"], "none.har: there is no such file"),
    (["PLYSTRA_RECORD": "none/a.har"], "cannot record to none/a.har: the folder none cannot be read"),
    (["PLYSTRA_EMAIL": "alice@example.com"], "PLYSTRA_PASSWORD is not"),
    (["PLYSTRA_PASSWORD": "canary"], "PLYSTRA_EMAIL is not"),
    (["PLYSTRA_URL": "ftp://host", "PLYSTRA_API_KEY": "canary"], "baseURL: its scheme is neither"),
    (
      ["PLYSTRA_URL": "http://plystra.internal", "PLYSTRA_API_KEY": "canary"],
      "apiKey: would travel over plain http"
    ),
    (["PLYSTRA_URL": "https://plystra.internal", "PLYSTRA_API_KEY": "canary\n"], "apiKey: it holds"),
  ])
  func refusesAnEnvironmentThatMakesNoSense(
    _ environment: [String: String], _ complaint: String
  ) async throws {
    let outcome = try await Executable.run("plystra-quickstart", environment: environment)
    #expect(outcome.status == 2)
    #expect(outcome.complaint.contains(complaint) && !outcome.complaint.contains("canary"))
    #expect(outcome.complaint.split(separator: "\n").count == 1)
  }

  @Test(arguments: ["curl", "urlsession"])
  func saysThatAServiceCannotBeReached(_ transport: String) async throws {
    let server = try RawServer.responding()
    let url = server.url
    server.stop()
    let outcome = try await Executable.run(
      "plystra-quickstart",
      environment: ["PLYSTRA_URL": url, "PLYSTRA_API_KEY": "canary", "PLYSTRA_TRANSPORT": transport])
    #expect(outcome.status == 1 && outcome.complaint.contains("system.health"))
    #expect(outcome.complaint.split(separator: "\n").count == 1)
  }
}
