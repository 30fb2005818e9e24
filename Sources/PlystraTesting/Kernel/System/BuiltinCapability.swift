import PlystraCore

/// A part of the service that it lists under `system.capabilities`.
struct BuiltinCapability {
  private let id: String
  private let migrationNamespace: String

  static let all = [
    BuiltinCapability(id: "audit.explainable", migrationNamespace: "sys_audit"),
    BuiltinCapability(id: "identity.business", migrationNamespace: "sys_identity"),
    BuiltinCapability(id: "resource.registry", migrationNamespace: "sys_resource"),
    BuiltinCapability(id: "authorization.resource", migrationNamespace: "sys_authz"),
    BuiltinCapability(id: "admin.control_plane", migrationNamespace: "sys_admin"),
  ]

  private static let version: JSONValue = "1.0.0-rc115"

  var answer: JSONValue { ["manifest": manifest, "services": [service]] }

  private var serviceName: JSONValue { .string("\(id).service") }

  private var manifest: JSONValue {
    [
      "id": .string(id), "kind": "system_capability", "name": .string(id), "version": Self.version,
      "runtime": ["type": "builtin", "protocol": "in_process", "socket": "", "address": ""],
      "requires": ["kernel": ">=1.0.0", "capabilities": []],
      "provides": [
        "services": [["name": serviceName]], "routes": [],
        "migrations": ["namespace": .string(migrationNamespace), "path": ""],
        "events": ["publishes": nil, "subscribes": nil],
      ],
      "privileged": true, "required": true, "stability": "experimental",
    ]
  }

  private var service: JSONValue {
    [
      "name": serviceName, "capability_id": .string(id), "protocol": "in_process", "address": "",
      "version": Self.version, "health": "ready", "registered_at": "2026-05-06T00:00:00.123456789Z",
    ]
  }
}
