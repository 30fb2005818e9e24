import PlystraCore
import PlystraModels
import TestSupport
import Testing

/// The sample bodies of health, readiness, version, capabilities and resource types.
enum SystemFixtures {
  static let checks: [String: FixtureCheck] = [
    "health": health, "ready": ready, "version": version, "version.short": shortVersion,
    "capabilities": capabilities, "capabilities.names": capabilityNames, "resource-types": resourceTypes,
  ]

  @Sendable static func health(_ body: [UInt8]) throws {
    let health = try data(Health.self, in: body)
    #expect(health.status == "ok")
    try expectLossless(health, from: JSONValue(parsing: body)["data"])
  }

  @Sendable static func ready(_ body: [UInt8]) throws {
    let ready = try data(Readiness.self, in: body)
    #expect(ready.status == "ready")
    #expect(ready.schemaVersion == "017")
    #expect(ready.expectedSchemaVersion == "017")
    #expect(ready.traceVersion == "1.0")
    #expect(ready.systemCapabilities == ["authorization.resource": "ready"])
    #expect(ready.plugins == ["enabled": 0])
    try expectLossless(ready, from: JSONValue(parsing: body)["data"])
  }

  @Sendable static func version(_ body: [UInt8]) throws {
    let version = try data(ServerVersion.self, in: body)
    #expect(version.version == "0.0.1")
    #expect(version.apiVersion == "v1")
    #expect(version.schemaVersion == "017")
    #expect(version.expectedSchemaVersion == "017")
    #expect(version.traceVersion == "1.0")
    #expect(version.pluginAPIVersion == "1.0")
    #expect(version.resourceRegistryVersion == "1.0")
    #expect(version.buildTime == Timestamp.date(from: "2026-05-31T07:20:16Z"))
    #expect(version.buildTime != nil)
    try expectLossless(version, from: JSONValue(parsing: body)["data"])
  }

  @Sendable static func shortVersion(_ body: [UInt8]) throws {
    #expect(try data(ServerVersion.self, in: body) == ServerVersion(version: "0.0.1"))
  }

  @Sendable static func capabilities(_ body: [UInt8]) throws {
    let capabilities = try data([Capability].self, in: body)
    let names = [
      "audit.explainable", "identity.business", "resource.registry", "authorization.resource",
      "admin.control_plane",
    ]
    let namespaces = ["sys_audit", "sys_identity", "sys_resource", "sys_authz", "sys_admin"]
    #expect(capabilities.map(\.name) == names)
    for (capability, (name, namespace)) in zip(capabilities, zip(names, namespaces)) {
      let manifest = try #require(capability.manifest)
      #expect(manifest.id == name && manifest.name == name)
      #expect(manifest.kind == "system_capability")
      #expect(manifest.version == "1.0.0-rc115")
      #expect(manifest.isPrivileged && manifest.isRequired)
      #expect(manifest.stability == "experimental")
      try check(manifest, name: name, namespace: namespace)
      try check(capability.services, name: name)
    }
    // Digits beyond the microsecond are cut; the capability's name is the manifest's.
    let cut = body.text.replacing(".123456789Z", with: ".123456Z")
    let nameless = capabilities.map { Capability(manifest: $0.manifest, services: $0.services) }
    try expectLossless(nameless, from: json(cut)["data"])
  }

  private static func check(_ manifest: Capability.Manifest, name: String, namespace: String) throws {
    let runtime = try #require(manifest.runtime)
    #expect(runtime.type == "builtin" && runtime.protocol == "in_process")
    #expect(runtime.socket == nil && runtime.address == nil)
    let requires = try #require(manifest.requires)
    #expect(requires.kernel == ">=1.0.0" && requires.capabilities.isEmpty)
    let provides = try #require(manifest.provides)
    #expect(provides.services.map(\.name) == ["\(name).service"])
    #expect(provides.routes.isEmpty)
    let migrations = try #require(provides.migrations)
    #expect(migrations.namespace == namespace && migrations.path == nil)
    let events = try #require(provides.events)
    #expect(events.publishes.isEmpty && events.subscribes.isEmpty)
  }

  private static func check(_ services: [Capability.Service], name: String) throws {
    let service = try #require(services.first)
    #expect(services.count == 1)
    #expect(service.name == "\(name).service")
    #expect(service.capabilityID == name)
    #expect(service.protocol == "in_process")
    #expect(service.address == nil)
    #expect(service.version == "1.0.0-rc115")
    #expect(service.health == "ready")
    #expect(service.registeredAt.map(Timestamp.text) == "2026-05-06T00:00:00.123456Z")
  }

  @Sendable static func capabilityNames(_ body: [UInt8]) throws {
    let capabilities = try data([Capability].self, in: body)
    #expect(
      capabilities == [Capability(name: "authorization.resource"), Capability(name: "audit.explainable")])
    #expect(capabilities.allSatisfy { $0.manifest == nil && $0.services.isEmpty })
  }

  @Sendable static func resourceTypes(_ body: [UInt8]) throws {
    let types = try data([ResourceType].self, in: body)
    let first = Timestamp.date(from: "2026-05-06T00:00:00Z")
    #expect(
      types == [
        ResourceType(
          id: "rt_invoice", key: "invoice", displayName: "Invoice", status: "active", source: "core",
          createdAt: first, updatedAt: first),
        ResourceType(
          id: "rt_expense", key: "expense_report", displayName: "Expense Report",
          description: "Employee expense report", status: "active", source: "plugin",
          metadata: ["owner": "billing"], createdAt: first,
          updatedAt: Timestamp.date(from: "2026-05-07T10:11:12Z")),
      ])
    #expect(first != nil)
    try expectLossless(types, from: JSONValue(parsing: body)["data"])
    let pagination = try #require(try Envelope<[ResourceType]>(parsing: body).pagination)
    #expect(pagination.limit == 50 && pagination.cursor == nil && !pagination.hasMore)
  }
}
