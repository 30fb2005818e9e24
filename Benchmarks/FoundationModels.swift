// The documents as anybody would model them for Foundation's JSONDecoder: synthesized Codable, snake case by keys
// that are named as on the wire, because a key strategy would slow Foundation down.
// swift-format-ignore-file

struct FoundationEnvelope<Value: Codable>: Codable {
  var data: Value
  var request_id: String
}

struct FoundationDecision: Codable {
  var allow: Bool
  var decision: String
  var deny_code: String?
  var reason: String
  var trace_id: String
  var audit_log_id: String
  var audit: FoundationAudit
}

struct FoundationAudit: Codable {
  var audit_log_id: String
  var actor_user_id: String
  var actor_member_id: String
  var actor_user_member_id: String
  var space_id: String
  var action: String
  var resource_type: String
  var resource_id: String
  var decision: String
  var deny_code: String?
  var request_id: String
}

struct FoundationRow: Codable {
  var id: String
  var space_id: String
  var actor_user_id: String
  var actor_member_id: String
  var actor_user_member_id: String
  var action: String
  var resource_type: String
  var resource_id: String
  var decision: String
  var deny_code: String?
  var request_id: String
  var ip_address: String
  var user_agent: String
  var created_at: String
}

struct FoundationTrace: Codable {
  struct Actor: Codable {
    struct User: Codable { var id: String; var email: String; var status: String }
    struct Member: Codable { var id: String; var space_id: String; var display_name: String; var status: String }
    struct Binding: Codable {
      var id: String; var user_id: String; var member_id: String; var space_id: String
      var relation_type: String; var status: String; var is_primary: Bool; var expires_at: String?
    }
    var user: User
    var member: Member
    var user_member: Binding
    var space: Space
  }
  struct Space: Codable { var id: String; var name: String; var status: String }
  struct Group: Codable { var id: String; var space_id: String; var path: String; var status: String }
  struct Resource: Codable {
    var id: String; var external_id: String?; var type: String; var space_id: String; var group_id: String?
    var group_path: String?; var owner_member_id: String?; var status: String?; var metadata: [String: Metadata]?
  }
  struct Target: Codable { var resource: Resource; var group: Group? }
  struct Registry: Codable {
    struct Kind: Codable {
      var id: String; var key: String; var display_name: String; var status: String; var source: String
    }
    struct Action: Codable {
      var id: String; var resource_type_id: String; var key: String; var display_name: String
      var risk_level: String; var audit_default: Bool
    }
    struct Mapping: Codable {
      var id: String; var resource_type_id: String; var storage_kind: String; var table_name: String?
      var id_field: String; var space_field: String; var group_field: String?; var owner_member_field: String?
      var visibility_field: String?; var metadata_field: String?; var status: String
    }
    var resource_type: Kind
    var action: Action
    var mapping: Mapping
  }
  struct Candidate: Codable {
    struct Role: Codable { var id: String; var key: String; var space_id: String }
    struct Permission: Codable { var id: String; var resource: String; var action: String; var scope: String }
    struct Check: Codable { var covered: Bool; var rule: String; var reason: String; var deny_code: String? }
    var role: Role
    var permission: Permission
    var scope_anchor: Group?
    var scope_check: Check
    var member_role_space_id: String
  }
  struct Request: Codable { var request_id: String; var ip: String; var user_agent: String }
  var trace_version: String
  var trace_id: String
  var decision: String
  var deny_code: String?
  var actor: Actor
  var space: Space
  var target: Target
  var resource_registry: Registry
  var matched_candidates: [Candidate]?
  var request: Request
  var reason: String
  var audit: FoundationAudit
}

struct FoundationRequest: Codable {
  struct Actor: Codable { var user_id: String; var member_id: String; var binding_id: String; var space_id: String }
  struct Resource: Codable {
    var type: String; var external_id: String; var space_id: String; var group_path: String
    var owner_member_id: String; var metadata: [String: Metadata]
  }
  struct Grant: Codable {
    var role_key: String; var resource: String; var action: String; var scope: String; var space_id: String
    var scope_anchor_group_path: String?
  }
  var actor: Actor
  var resource: Resource
  var grants: [Grant]
  var action: String
  var explain: Bool
}

/// Any JSON, as it is commonly modelled.
enum Metadata: Codable {
  case null, bool(Bool), number(Double), string(String), array([Metadata]), object([String: Metadata])

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() { self = .null
    } else if let value = try? container.decode(Bool.self) { self = .bool(value)
    } else if let value = try? container.decode(Double.self) { self = .number(value)
    } else if let value = try? container.decode(String.self) { self = .string(value)
    } else if let value = try? container.decode([Metadata].self) { self = .array(value)
    } else { self = .object(try container.decode([String: Metadata].self)) }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .null: try container.encodeNil()
    case .bool(let value): try container.encode(value)
    case .number(let value): try container.encode(value)
    case .string(let value): try container.encode(value)
    case .array(let value): try container.encode(value)
    case .object(let value): try container.encode(value)
    }
  }
}
