#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// Whether the service's process is alive.
public struct Health: Sendable, Hashable, Codable {
  /// The status, `ok` when all is well.
  public var status: String

  /// Makes a health.
  public init(status: String) { self.status = status }
  /// Reads a stored health.
  public init(from decoder: any Decoder) throws { try self.init(bridging: decoder) }
  /// Stores the health.
  public func encode(to encoder: any Encoder) throws { try bridge(to: encoder) }
}

extension Health: WireModel {
  package init() { self.init(status: "") }

  package mutating func fields<Visitor: FieldVisitor & ~Copyable>(_ visitor: inout Visitor) throws {
    try visitor.required("status", &status)
  }
}

/// Whether the service can serve: its database is reached and migrated.
public struct Readiness: Sendable, Hashable, Codable {
  /// The status, `ready` when it can.
  public var status: String
  /// The version of the database's schema.
  public var schemaVersion: String?
  /// The version of the schema that the service expects.
  public var expectedSchemaVersion: String?
  /// The version of decision traces.
  public var traceVersion: String?
  /// The states of the service's own capabilities, by their names.
  public var systemCapabilities: [String: String]
  /// What is known of plugins, such as how many are enabled.
  public var plugins: JSONObject?

  /// Makes a readiness.
  public init(
    status: String, schemaVersion: String? = nil, expectedSchemaVersion: String? = nil,
    traceVersion: String? = nil, systemCapabilities: [String: String] = [:], plugins: JSONObject? = nil
  ) {
    self.status = status
    self.schemaVersion = schemaVersion
    self.expectedSchemaVersion = expectedSchemaVersion
    self.traceVersion = traceVersion
    self.systemCapabilities = systemCapabilities
    self.plugins = plugins
  }

  /// Reads a stored readiness.
  public init(from decoder: any Decoder) throws { try self.init(bridging: decoder) }
  /// Stores the readiness.
  public func encode(to encoder: any Encoder) throws { try bridge(to: encoder) }
}

extension Readiness: WireModel {
  package init() { self.init(status: "") }

  package mutating func fields<Visitor: FieldVisitor & ~Copyable>(_ visitor: inout Visitor) throws {
    try visitor.required("status", &status)
    try visitor.field("schema_version", &schemaVersion)
    try visitor.field("expected_schema_version", &expectedSchemaVersion)
    try visitor.field("trace_version", &traceVersion)
    try visitor.field("system_capabilities", &systemCapabilities)
    try visitor.field("plugins", &plugins)
  }
}

/// Which version of the service answers.
public struct ServerVersion: Sendable, Hashable, Codable {
  /// The version of the service.
  public var version: String?
  /// The version of its HTTP interface, such as `v1`.
  public var apiVersion: String?
  /// The version of the database's schema.
  public var schemaVersion: String?
  /// The version of the schema that the service expects.
  public var expectedSchemaVersion: String?
  /// The version of decision traces.
  public var traceVersion: String?
  /// The version of the interface for plugins.
  public var pluginAPIVersion: String?
  /// The version of the registry of resource types.
  public var resourceRegistryVersion: String?
  /// When the service was built.
  public var buildTime: Date?

  /// Makes a version.
  public init(
    version: String? = nil, apiVersion: String? = nil, schemaVersion: String? = nil,
    expectedSchemaVersion: String? = nil, traceVersion: String? = nil, pluginAPIVersion: String? = nil,
    resourceRegistryVersion: String? = nil, buildTime: Date? = nil
  ) {
    self.version = version
    self.apiVersion = apiVersion
    self.schemaVersion = schemaVersion
    self.expectedSchemaVersion = expectedSchemaVersion
    self.traceVersion = traceVersion
    self.pluginAPIVersion = pluginAPIVersion
    self.resourceRegistryVersion = resourceRegistryVersion
    self.buildTime = buildTime
  }

  /// Reads a stored version.
  public init(from decoder: any Decoder) throws { try self.init(bridging: decoder) }
  /// Stores the version.
  public func encode(to encoder: any Encoder) throws { try bridge(to: encoder) }
}

extension ServerVersion: WireModel {
  package init() { self.init(version: nil) }

  package mutating func fields<Visitor: FieldVisitor & ~Copyable>(_ visitor: inout Visitor) throws {
    // Servers write `core_version`; the short form of the answer has `version` only.
    let known = version
    var short: String?
    try visitor.field("core_version", &version)
    try visitor.field("version", &short)
    version = version ?? short ?? known
    try visitor.field("api_version", &apiVersion)
    try visitor.field("schema_version", &schemaVersion)
    try visitor.field("expected_schema_version", &expectedSchemaVersion)
    try visitor.field("trace_version", &traceVersion)
    try visitor.field("plugin_api_version", &pluginAPIVersion)
    try visitor.field("resource_registry_version", &resourceRegistryVersion)
    try visitor.field("build_time", &buildTime)
  }
}

/// A type of resource that the service has registered.
public struct ResourceType: Sendable, Hashable, Codable, Identifiable {
  /// The type's id.
  public var id: String
  /// The key, such as `invoice`, by which requests name it.
  public var key: String
  /// The name.
  public var displayName: String?
  /// What it is, in words.
  public var description: String?
  /// The status, such as `active`.
  public var status: String?
  /// Where it comes from, such as `core` or `plugin`.
  public var source: String?
  /// Anything else that is known of it.
  public var metadata: JSONObject?
  /// When it was registered.
  public var createdAt: Date?
  /// When it was last changed.
  public var updatedAt: Date?

  /// Makes a type.
  public init(
    id: String, key: String, displayName: String? = nil, description: String? = nil, status: String? = nil,
    source: String? = nil, metadata: JSONObject? = nil, createdAt: Date? = nil, updatedAt: Date? = nil
  ) {
    self.id = id
    self.key = key
    self.displayName = displayName
    self.description = description
    self.status = status
    self.source = source
    self.metadata = metadata
    self.createdAt = createdAt
    self.updatedAt = updatedAt
  }

  /// Reads a stored type.
  public init(from decoder: any Decoder) throws { try self.init(bridging: decoder) }
  /// Stores the type.
  public func encode(to encoder: any Encoder) throws { try bridge(to: encoder) }
}

extension ResourceType: WireModel {
  package init() { self.init(id: "", key: "") }

  package mutating func fields<Visitor: FieldVisitor & ~Copyable>(_ visitor: inout Visitor) throws {
    try visitor.required("id", &id)
    try visitor.required("key", &key)
    try visitor.field("display_name", &displayName)
    try visitor.field("description", &description)
    try visitor.field("status", &status)
    try visitor.field("source", &source)
    try visitor.field("metadata", &metadata)
    try visitor.field("created_at", &createdAt)
    try visitor.field("updated_at", &updatedAt)
  }
}
