import PlystraCore

/// What the environment asks for.
struct Settings {
  /// Which service to talk to.
  enum Target: Equatable {
    /// A kernel in this process, without a network.
    case inMemory
    /// A kernel in this process, served on loopback.
    case loopback(TransportName)
    /// A real service.
    case service(url: String, apiKey: Secret, TransportName)
    /// A recording of an earlier run.
    case fixture(path: String)
  }

  enum TransportName: String, CaseIterable {
    case curl, urlsession
  }

  /// Who logs in.
  struct Account: Equatable {
    let email: String
    let password: Secret
  }

  /// A setting that makes no sense, in one line that says what to do.
  struct Problem: Error, Equatable {
    let message: String
  }

  let target: Target
  /// Nil skips the login.
  let account: Account?
  /// The file to record the run to, if it is to be recorded.
  let recording: String?

  /// Reads the variables; one that is empty counts as not set.
  ///
  /// * `PLYSTRA_URL` and `PLYSTRA_API_KEY` name a real service; without them there is a kernel in memory.
  /// * `PLYSTRA_TRANSPORT` is `curl`, `urlsession`, or `fixture`, which replays the recording that
  ///   `PLYSTRA_FIXTURE` names and needs no service.
  /// * `PLYSTRA_EMAIL` and `PLYSTRA_PASSWORD` say who logs in.
  /// * `PLYSTRA_RECORD` is a file to record the run to, without its secrets; it must not exist yet.
  init(environment: [String: String]) throws(Problem) {
    func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
    let (url, apiKey) = (value("PLYSTRA_URL"), value("PLYSTRA_API_KEY"))
    let (name, fixture) = (value("PLYSTRA_TRANSPORT"), value("PLYSTRA_FIXTURE"))
    recording = value("PLYSTRA_RECORD")
    if name == "fixture" || fixture != nil {
      guard name == "fixture", let fixture, url == nil, apiKey == nil, recording == nil else {
        throw Problem(
          message: "a replay takes PLYSTRA_TRANSPORT=fixture and PLYSTRA_FIXTURE, and neither PLYSTRA_URL, "
            + "PLYSTRA_API_KEY nor PLYSTRA_RECORD")
      }
      target = .fixture(path: fixture)
    } else {
      target = try Self.target(url, apiKey, Self.transport(name))
    }
    account = try Self.account(value("PLYSTRA_EMAIL"), value("PLYSTRA_PASSWORD"), target)
  }

  private static func target(
    _ url: String?, _ apiKey: String?, _ transport: TransportName?
  ) throws(Problem) -> Target {
    switch (url, apiKey) {
    case (let url?, let key?): return .service(url: url, apiKey: Secret(key), transport ?? .curl)
    case (nil, nil): return transport.map(Target.loopback) ?? .inMemory
    case (_?, nil):
      throw Problem(
        message: "PLYSTRA_URL is set and PLYSTRA_API_KEY is not; set both, or neither for a kernel in memory")
    case (nil, _?):
      throw Problem(
        message: "PLYSTRA_API_KEY is set and PLYSTRA_URL is not; set both, or neither for a kernel in memory")
    }
  }

  private static func transport(_ name: String?) throws(Problem) -> TransportName? {
    guard let name else { return nil }
    guard let transport = TransportName(rawValue: name) else {
      throw Problem(message: "PLYSTRA_TRANSPORT must be curl or urlsession, or fixture")
    }
    return transport
  }

  private static func account(
    _ email: String?, _ password: String?, _ target: Target
  ) throws(Problem) -> Account? {
    switch (email, password) {
    case (let email?, let password?): return Account(email: email, password: Secret(password))
    case (nil, nil):
      if case .service = target { return nil }
      return Account(email: "alice@example.com", password: Secret("plystra-demo"))
    case (_?, nil):
      throw Problem(message: "PLYSTRA_EMAIL is set and PLYSTRA_PASSWORD is not; set both or neither")
    case (nil, _?):
      throw Problem(message: "PLYSTRA_PASSWORD is set and PLYSTRA_EMAIL is not; set both or neither")
    }
  }
}
