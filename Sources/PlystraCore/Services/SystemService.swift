extension PlystraClient {
  /// The state of the service.
  public var system: SystemService { SystemService(client: self) }
}

/// The state of the service. Health, readiness and version carry no credential, ever.
public struct SystemService: Sendable {
  let client: PlystraClient

  /// Whether the service's process is alive.
  ///
  /// - Throws: ``PlystraError`` or `CancellationError`.
  public func health() async throws -> Health {
    try await client.call(.read("system.health", "/api/v1/health", credential: .none)).response().data
  }

  /// Whether the service can serve.
  ///
  /// - Throws: ``PlystraError`` or `CancellationError`; while the service starts up, one with status 503 and code
  ///   `NOT_READY`.
  public func ready() async throws -> Readiness {
    try await client.call(.read("system.ready", "/api/v1/ready", credential: .none)).response().data
  }

  /// Which version of the service responds.
  ///
  /// - Throws: ``PlystraError`` or `CancellationError`.
  public func version() async throws -> ServerVersion {
    try await client.call(.read("system.version", "/api/v1/version", credential: .none)).response().data
  }

  /// What the service can do.
  ///
  /// - Throws: ``PlystraError`` or `CancellationError`.
  public func capabilities() async throws -> ResultPage<Capability> {
    try await client.page(.read("system.capabilities", "/api/v1/capabilities", credential: .server))
  }
}
