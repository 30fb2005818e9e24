#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// Something that the service can do.
public struct Capability: PlystraModel {
  /// The name, such as `authorization.resource`.
  public var name: String?
  /// What the capability says of itself; some servers answer the name only.
  public var manifest: Manifest?
  /// The services that provide it.
  public var services: [Service]

  /// Makes a capability.
  public init(name: String? = nil, manifest: Manifest? = nil, services: [Service] = []) {
    self.name = name
    self.manifest = manifest
    self.services = services
  }
}

extension Capability {
  /// What a capability says of itself.
  public struct Manifest: PlystraModel {
    /// The capability's id.
    public var id: String = ""
    /// The kind, such as `system_capability`.
    public var kind: String?
    /// The name.
    public var name: String?
    /// The version.
    public var version: String?
    /// How it runs.
    public var runtime: Runtime?
    /// What it needs.
    public var requires: Requirements?
    /// What it offers.
    public var provides: Provisions?
    /// Whether it has the kernel's own rights.
    public var isPrivileged = false
    /// Whether the service cannot run without it.
    public var isRequired = false
    /// How settled it is, such as `experimental`.
    public var stability: String?
    /// Makes a blank manifest.
    public init() {}
  }

  /// How a capability runs.
  public struct Runtime: PlystraModel {
    /// The type, such as `builtin`.
    public var type: String?
    /// The protocol, such as `in_process`.
    public var `protocol`: String?
    /// The socket, if it has one.
    public var socket: String?
    /// The address, if it has one.
    public var address: String?
    /// Makes a blank runtime.
    public init() {}
  }

  /// What a capability needs.
  public struct Requirements: PlystraModel {
    /// The versions of the kernel, such as `>=1.0.0`.
    public var kernel: String?
    /// The other capabilities.
    public var capabilities: [String] = []
    /// Makes blank requirements.
    public init() {}
  }

  /// What a capability offers.
  public struct Provisions: PlystraModel {
    /// The services, by name.
    public var services: [ServiceName] = []
    /// The routes, in the form of their capability.
    public var routes: [JSONValue] = []
    /// The migrations of its data.
    public var migrations: Migrations?
    /// The events it publishes and subscribes to.
    public var events: Events?
    /// Makes blank provisions.
    public init() {}
  }

  /// The name of a service that a capability offers.
  public struct ServiceName: PlystraModel {
    /// The name.
    public var name: String = ""
    /// Makes a blank name.
    public init() {}
  }

  /// The migrations of a capability's data.
  public struct Migrations: PlystraModel {
    /// The namespace of its tables.
    public var namespace: String?
    /// The path of its scripts.
    public var path: String?
    /// Makes blank migrations.
    public init() {}
  }

  /// The events of a capability.
  public struct Events: PlystraModel {
    /// The events it publishes, in the form of their capability.
    public var publishes: [JSONValue] = []
    /// The events it subscribes to, in the form of their capability.
    public var subscribes: [JSONValue] = []
    /// Makes blank events.
    public init() {}
  }

  /// A service that provides a capability.
  public struct Service: PlystraModel {
    /// The service's name.
    public var name: String = ""
    /// The capability's id.
    public var capabilityID: String?
    /// The protocol, such as `in_process`.
    public var `protocol`: String?
    /// The address, if it has one.
    public var address: String?
    /// The version.
    public var version: String?
    /// The state, such as `ready`.
    public var health: String?
    /// When it was registered.
    public var registeredAt: Date?
    /// Makes a blank service.
    public init() {}
  }
}

extension Capability: WireModel {
  package init(from fields: inout JSONReader) throws {
    let ownName: String? = try fields.optional("name")
    manifest = try fields.optional("manifest")
    services = try fields.value("services", or: [])
    name = ownName ?? manifest?.name ?? manifest?.id
  }

  package func writeFields(to writer: inout JSONWriter) {
    writer.optional("name", name)
    writer.optional("manifest", manifest)
    writer.field("services", services)
  }
}

extension Capability.Manifest: WireModel {
  package init(from fields: inout JSONReader) throws {
    id = try fields.required("id")
    kind = try fields.optional("kind")
    name = try fields.optional("name")
    version = try fields.optional("version")
    runtime = try fields.optional("runtime")
    requires = try fields.optional("requires")
    provides = try fields.optional("provides")
    isPrivileged = try fields.value("privileged", or: false)
    isRequired = try fields.value("required", or: false)
    stability = try fields.optional("stability")
  }

  package func writeFields(to writer: inout JSONWriter) {
    writer.field("id", id)
    writer.optional("kind", kind)
    writer.optional("name", name)
    writer.optional("version", version)
    writer.optional("runtime", runtime)
    writer.optional("requires", requires)
    writer.optional("provides", provides)
    writer.field("privileged", isPrivileged)
    writer.field("required", isRequired)
    writer.optional("stability", stability)
  }
}

extension Capability.Runtime: WireModel {
  package init(from fields: inout JSONReader) throws {
    type = try fields.optional("type")
    `protocol` = try fields.optional("protocol")
    socket = try fields.optional("socket")
    address = try fields.optional("address")
  }

  package func writeFields(to writer: inout JSONWriter) {
    writer.optional("type", type)
    writer.optional("protocol", `protocol`)
    writer.optional("socket", socket)
    writer.optional("address", address)
  }
}

extension Capability.Requirements: WireModel {
  package init(from fields: inout JSONReader) throws {
    kernel = try fields.optional("kernel")
    capabilities = try fields.value("capabilities", or: [])
  }

  package func writeFields(to writer: inout JSONWriter) {
    writer.optional("kernel", kernel)
    writer.field("capabilities", capabilities)
  }
}

extension Capability.Provisions: WireModel {
  package init(from fields: inout JSONReader) throws {
    services = try fields.value("services", or: [])
    routes = try fields.value("routes", or: [])
    migrations = try fields.optional("migrations")
    events = try fields.optional("events")
  }

  package func writeFields(to writer: inout JSONWriter) {
    writer.field("services", services)
    writer.field("routes", routes)
    writer.optional("migrations", migrations)
    writer.optional("events", events)
  }
}

extension Capability.ServiceName: WireModel {
  package init(from fields: inout JSONReader) throws {
    name = try fields.required("name")
  }

  package func writeFields(to writer: inout JSONWriter) {
    writer.field("name", name)
  }
}

extension Capability.Migrations: WireModel {
  package init(from fields: inout JSONReader) throws {
    namespace = try fields.optional("namespace")
    path = try fields.optional("path")
  }

  package func writeFields(to writer: inout JSONWriter) {
    writer.optional("namespace", namespace)
    writer.optional("path", path)
  }
}

extension Capability.Events: WireModel {
  package init(from fields: inout JSONReader) throws {
    publishes = try fields.value("publishes", or: [])
    subscribes = try fields.value("subscribes", or: [])
  }

  package func writeFields(to writer: inout JSONWriter) {
    writer.field("publishes", publishes)
    writer.field("subscribes", subscribes)
  }
}

extension Capability.Service: WireModel {
  package init(from fields: inout JSONReader) throws {
    name = try fields.required("name")
    capabilityID = try fields.optional("capability_id")
    `protocol` = try fields.optional("protocol")
    address = try fields.optional("address")
    version = try fields.optional("version")
    health = try fields.optional("health")
    registeredAt = try fields.optional("registered_at")
  }

  package func writeFields(to writer: inout JSONWriter) {
    writer.field("name", name)
    writer.optional("capability_id", capabilityID)
    writer.optional("protocol", `protocol`)
    writer.optional("address", address)
    writer.optional("version", version)
    writer.optional("health", health)
    writer.optional("registered_at", registeredAt)
  }
}
