import PlystraCore

/// The registered types of resources and their actions.
struct ResourceRegistry: Sendable {
  /// What the registry says about a type and an action.
  enum Entry: Sendable {
    case registered
    case unknownType
    case unknownAction
  }

  /// The types in the order in which they were registered.
  let types: [KernelSeed.ResourceType]
  private let actions: [ExactText: Set<ExactText>]

  init(_ types: [KernelSeed.ResourceType]) {
    var actions: [ExactText: Set<ExactText>] = [:]
    self.types = types.filter { type in
      guard actions[ExactText(type.key)] == nil else { return false }
      actions[ExactText(type.key)] = Set(type.actions.map(ExactText.init))
      return true
    }
    self.actions = actions
  }

  func entry(type: String, action: String) -> Entry {
    guard let known = actions[ExactText(type)] else { return .unknownType }
    return known.contains(ExactText(action)) ? .registered : .unknownAction
  }
}

extension ResourceRegistry {
  /// The rows of `resourceTypes.list`.
  var rows: [JSONValue] {
    types.map { type in
      [
        "id": .string(Self.typeID(type.key)), "key": .string(type.key),
        "display_name": .string(type.key.asHeading), "description": "", "status": "active",
        "source": "core", "metadata": [:], "created_at": "2026-05-06T00:00:00Z",
        "updated_at": "2026-05-06T00:00:00Z",
      ]
    }
  }

  /// What a trace says about a registered type and action.
  static func description(type: String, action: String) -> JSONValue {
    let typeID = JSONValue.string(typeID(type))
    return [
      "resource_type": [
        "id": typeID, "key": .string(type), "display_name": .string(type.asHeading), "status": "active",
        "source": "core",
      ],
      "action": [
        "id": .string("ra_\(type)_\(action)"), "resource_type_id": typeID, "key": .string(action),
        "display_name": .string(action.asHeading), "risk_level": .string(riskLevel(of: action)),
        "audit_default": true,
      ],
      "mapping": [
        "id": .string("rm_\(type)_resources"), "resource_type_id": typeID,
        "storage_kind": "internal_table", "table_name": "resources", "id_field": "id",
        "space_field": "space_id", "group_field": "group_id", "owner_member_field": "owner_member_id",
        "visibility_field": "visibility", "metadata_field": "metadata", "status": "active",
      ],
    ]
  }

  /// What a trace says when the type or the action is not registered.
  static let emptyDescription: JSONValue = [
    "resource_type": ["id": "", "key": "", "display_name": "", "status": "", "source": ""],
    "action": [
      "id": "", "resource_type_id": "", "key": "", "display_name": "", "risk_level": "",
      "audit_default": false,
    ],
    "mapping": [
      "id": "", "resource_type_id": "", "storage_kind": "", "id_field": "", "space_field": "", "status": "",
    ],
  ]

  private static func typeID(_ key: String) -> String { "rt_\(key)" }

  private static func riskLevel(of action: String) -> String {
    switch action {
    case "approve", "reject", "delete": "high"
    case "read": "low"
    default: "normal"
    }
  }
}
