#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// Whether the service's process is alive.
public struct Health: PlystraModel {
  /// The status, `ok` when all is well.
  public var status: String

  /// Makes a health.
  public init(status: String) { self.status = status }
}

extension Health: WireModel {
  package init(from fields: inout JSONReader) throws {
    status = try fields.required("status")
  }

  package func writeFields(to writer: inout JSONWriter) {
    writer.field("status", status)
  }
}

/// Whether the service can serve: its database is reached and migrated.
public struct Readiness: PlystraModel {
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
}

extension Readiness: WireModel {
  package init(from fields: inout JSONReader) throws {
    status = try fields.required("status")
    schemaVersion = try fields.optional("schema_version")
    expectedSchemaVersion = try fields.optional("expected_schema_version")
    traceVersion = try fields.optional("trace_version")
    systemCapabilities = try fields.value("system_capabilities", or: [:])
    plugins = try fields.optional("plugins")
  }

  package func writeFields(to writer: inout JSONWriter) {
    writer.field("status", status)
    writer.optional("schema_version", schemaVersion)
    writer.optional("expected_schema_version", expectedSchemaVersion)
    writer.optional("trace_version", traceVersion)
    writer.field("system_capabilities", systemCapabilities)
    writer.optional("plugins", plugins)
  }
}

/// Which version of the service answers.
public struct ServerVersion: PlystraModel {
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
}

extension ServerVersion: WireModel {
  package init(from fields: inout JSONReader) throws {
    // Servers write `core_version`; the short form of the response has `version` only.
    let coreVersion: String? = try fields.optional("core_version")
    let shortVersion: String? = try fields.optional("version")
    version = coreVersion ?? shortVersion
    apiVersion = try fields.optional("api_version")
    schemaVersion = try fields.optional("schema_version")
    expectedSchemaVersion = try fields.optional("expected_schema_version")
    traceVersion = try fields.optional("trace_version")
    pluginAPIVersion = try fields.optional("plugin_api_version")
    resourceRegistryVersion = try fields.optional("resource_registry_version")
    buildTime = try fields.optional("build_time")
  }

  package func writeFields(to writer: inout JSONWriter) {
    writer.optional("core_version", version)
    writer.optional("api_version", apiVersion)
    writer.optional("schema_version", schemaVersion)
    writer.optional("expected_schema_version", expectedSchemaVersion)
    writer.optional("trace_version", traceVersion)
    writer.optional("plugin_api_version", pluginAPIVersion)
    writer.optional("resource_registry_version", resourceRegistryVersion)
    writer.optional("build_time", buildTime)
  }
}

/// A type of resource that the service has registered.
public struct ResourceType: PlystraModel, Identifiable {
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
}

extension ResourceType: WireModel {
  package init(from fields: inout JSONReader) throws {
    id = try fields.required("id")
    key = try fields.required("key")
    displayName = try fields.optional("display_name")
    description = try fields.optional("description")
    status = try fields.optional("status")
    source = try fields.optional("source")
    metadata = try fields.metadata("metadata")
    createdAt = try fields.optional("created_at")
    updatedAt = try fields.optional("updated_at")
  }

  package func writeFields(to writer: inout JSONWriter) {
    writer.field("id", id)
    writer.field("key", key)
    writer.optional("display_name", displayName)
    writer.optional("description", description)
    writer.optional("status", status)
    writer.optional("source", source)
    writer.optional("metadata", metadata)
    writer.optional("created_at", createdAt)
    writer.optional("updated_at", updatedAt)
  }
}
