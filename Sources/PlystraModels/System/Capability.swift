#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// Something that the service can do.
public struct Capability: Sendable, Hashable, Codable {
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

  /// Reads a stored capability.
  public init(from decoder: any Decoder) throws { try self.init(bridging: decoder) }
  /// Stores the capability.
  public func encode(to encoder: any Encoder) throws { try bridge(to: encoder) }
}

extension Capability {
  /// What a capability says of itself.
  public struct Manifest: Sendable, Hashable, Codable {
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
    /// Reads a stored manifest.
    public init(from decoder: any Decoder) throws { try self.init(bridging: decoder) }
    /// Stores the manifest.
    public func encode(to encoder: any Encoder) throws { try bridge(to: encoder) }
  }

  /// How a capability runs.
  public struct Runtime: Sendable, Hashable, Codable {
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
    /// Reads a stored runtime.
    public init(from decoder: any Decoder) throws { try self.init(bridging: decoder) }
    /// Stores the runtime.
    public func encode(to encoder: any Encoder) throws { try bridge(to: encoder) }
  }

  /// What a capability needs.
  public struct Requirements: Sendable, Hashable, Codable {
    /// The versions of the kernel, such as `>=1.0.0`.
    public var kernel: String?
    /// The other capabilities.
    public var capabilities: [String] = []
    /// Makes blank requirements.
    public init() {}
    /// Reads stored requirements.
    public init(from decoder: any Decoder) throws { try self.init(bridging: decoder) }
    /// Stores the requirements.
    public func encode(to encoder: any Encoder) throws { try bridge(to: encoder) }
  }

  /// What a capability offers.
  public struct Provisions: Sendable, Hashable, Codable {
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
    /// Reads stored provisions.
    public init(from decoder: any Decoder) throws { try self.init(bridging: decoder) }
    /// Stores the provisions.
    public func encode(to encoder: any Encoder) throws { try bridge(to: encoder) }
  }

  /// The name of a service that a capability offers.
  public struct ServiceName: Sendable, Hashable, Codable {
    /// The name.
    public var name: String = ""
    /// Makes a blank name.
    public init() {}
    /// Reads a stored name.
    public init(from decoder: any Decoder) throws { try self.init(bridging: decoder) }
    /// Stores the name.
    public func encode(to encoder: any Encoder) throws { try bridge(to: encoder) }
  }

  /// The migrations of a capability's data.
  public struct Migrations: Sendable, Hashable, Codable {
    /// The namespace of its tables.
    public var namespace: String?
    /// The path of its scripts.
    public var path: String?
    /// Makes blank migrations.
    public init() {}
    /// Reads stored migrations.
    public init(from decoder: any Decoder) throws { try self.init(bridging: decoder) }
    /// Stores the migrations.
    public func encode(to encoder: any Encoder) throws { try bridge(to: encoder) }
  }

  /// The events of a capability.
  public struct Events: Sendable, Hashable, Codable {
    /// The events it publishes, in the form of their capability.
    public var publishes: [JSONValue] = []
    /// The events it subscribes to, in the form of their capability.
    public var subscribes: [JSONValue] = []
    /// Makes blank events.
    public init() {}
    /// Reads stored events.
    public init(from decoder: any Decoder) throws { try self.init(bridging: decoder) }
    /// Stores the events.
    public func encode(to encoder: any Encoder) throws { try bridge(to: encoder) }
  }

  /// A service that provides a capability.
  public struct Service: Sendable, Hashable, Codable {
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
    /// Reads a stored service.
    public init(from decoder: any Decoder) throws { try self.init(bridging: decoder) }
    /// Stores the service.
    public func encode(to encoder: any Encoder) throws { try bridge(to: encoder) }
  }
}

extension Capability: WireModel {
  package init() { self.init(name: nil) }

  package mutating func fields<Visitor: FieldVisitor & ~Copyable>(_ visitor: inout Visitor) throws {
    try visitor.field("name", &name)
    try visitor.field("manifest", &manifest)
    try visitor.field("services", &services)
    name = name ?? manifest?.name ?? manifest?.id
  }
}

extension Capability.Manifest: WireModel {
  package mutating func fields<Visitor: FieldVisitor & ~Copyable>(_ visitor: inout Visitor) throws {
    try visitor.required("id", &id)
    try visitor.field("kind", &kind)
    try visitor.field("name", &name)
    try visitor.field("version", &version)
    try visitor.field("runtime", &runtime)
    try visitor.field("requires", &requires)
    try visitor.field("provides", &provides)
    try visitor.field("privileged", &isPrivileged)
    try visitor.field("required", &isRequired)
    try visitor.field("stability", &stability)
  }
}

extension Capability.Runtime: WireModel {
  package mutating func fields<Visitor: FieldVisitor & ~Copyable>(_ visitor: inout Visitor) throws {
    try visitor.field("type", &type)
    try visitor.field("protocol", &`protocol`)
    try visitor.field("socket", &socket)
    try visitor.field("address", &address)
  }
}

extension Capability.Requirements: WireModel {
  package mutating func fields<Visitor: FieldVisitor & ~Copyable>(_ visitor: inout Visitor) throws {
    try visitor.field("kernel", &kernel)
    try visitor.field("capabilities", &capabilities)
  }
}

extension Capability.Provisions: WireModel {
  package mutating func fields<Visitor: FieldVisitor & ~Copyable>(_ visitor: inout Visitor) throws {
    try visitor.field("services", &services)
    try visitor.field("routes", &routes)
    try visitor.field("migrations", &migrations)
    try visitor.field("events", &events)
  }
}

extension Capability.ServiceName: WireModel {
  package mutating func fields<Visitor: FieldVisitor & ~Copyable>(_ visitor: inout Visitor) throws {
    try visitor.required("name", &name)
  }
}

extension Capability.Migrations: WireModel {
  package mutating func fields<Visitor: FieldVisitor & ~Copyable>(_ visitor: inout Visitor) throws {
    try visitor.field("namespace", &namespace)
    try visitor.field("path", &path)
  }
}

extension Capability.Events: WireModel {
  package mutating func fields<Visitor: FieldVisitor & ~Copyable>(_ visitor: inout Visitor) throws {
    try visitor.field("publishes", &publishes)
    try visitor.field("subscribes", &subscribes)
  }
}

extension Capability.Service: WireModel {
  package mutating func fields<Visitor: FieldVisitor & ~Copyable>(_ visitor: inout Visitor) throws {
    try visitor.required("name", &name)
    try visitor.field("capability_id", &capabilityID)
    try visitor.field("protocol", &`protocol`)
    try visitor.field("address", &address)
    try visitor.field("version", &version)
    try visitor.field("health", &health)
    try visitor.field("registered_at", &registeredAt)
  }
}
