// How the parts of a trace stand on the wire.

extension DecisionTrace.Actor: WireModel {
  package mutating func fields<Visitor: FieldVisitor & ~Copyable>(_ visitor: inout Visitor) throws {
    try visitor.field("user", &user)
    try visitor.field("member", &member)
    try visitor.field("user_member", &userMember)
    try visitor.field("space", &space)
  }
}

extension DecisionTrace.User: WireModel {
  package mutating func fields<Visitor: FieldVisitor & ~Copyable>(_ visitor: inout Visitor) throws {
    try visitor.field("id", &id)
    try visitor.field("email", &email)
    try visitor.field("status", &status)
  }
}

extension DecisionTrace.Member: WireModel {
  package mutating func fields<Visitor: FieldVisitor & ~Copyable>(_ visitor: inout Visitor) throws {
    try visitor.field("id", &id)
    try visitor.field("space_id", &spaceID)
    try visitor.field("display_name", &displayName)
    try visitor.field("status", &status)
  }
}

extension DecisionTrace.UserMember: WireModel {
  package mutating func fields<Visitor: FieldVisitor & ~Copyable>(_ visitor: inout Visitor) throws {
    try visitor.field("id", &id)
    try visitor.field("user_id", &userID)
    try visitor.field("member_id", &memberID)
    try visitor.field("space_id", &spaceID)
    try visitor.field("relation_type", &relationType)
    try visitor.field("status", &status)
    try visitor.field("is_primary", &isPrimary)
    try visitor.field("expires_at", &expiresAt)
  }
}

extension DecisionTrace.Space: WireModel {
  package mutating func fields<Visitor: FieldVisitor & ~Copyable>(_ visitor: inout Visitor) throws {
    try visitor.field("id", &id)
    try visitor.field("name", &name)
    try visitor.field("status", &status)
  }
}

extension DecisionTrace.Group: WireModel {
  package mutating func fields<Visitor: FieldVisitor & ~Copyable>(_ visitor: inout Visitor) throws {
    try visitor.field("id", &id)
    try visitor.field("space_id", &spaceID)
    try visitor.field("path", &path)
    try visitor.field("status", &status)
  }
}

extension DecisionTrace.Target: WireModel {
  package mutating func fields<Visitor: FieldVisitor & ~Copyable>(_ visitor: inout Visitor) throws {
    try visitor.field("resource", &resource)
    try visitor.field("group", &group)
  }
}

extension DecisionTrace.Resource: WireModel {
  package mutating func fields<Visitor: FieldVisitor & ~Copyable>(_ visitor: inout Visitor) throws {
    try visitor.field("id", &id)
    try visitor.field("external_id", &externalID)
    try visitor.field("type", &type)
    try visitor.field("space_id", &spaceID)
    try visitor.field("group_id", &groupID)
    try visitor.field("group_path", &groupPath)
    try visitor.field("owner_member_id", &ownerMemberID)
    try visitor.field("display_name", &displayName)
    try visitor.field("visibility", &visibility)
    try visitor.field("status", &status)
    try visitor.field("metadata", &checkedMetadata)
  }
}

extension DecisionTrace.Registry: WireModel {
  package mutating func fields<Visitor: FieldVisitor & ~Copyable>(_ visitor: inout Visitor) throws {
    try visitor.field("resource_type", &resourceType)
    try visitor.field("action", &action)
    try visitor.field("mapping", &mapping)
  }
}

extension DecisionTrace.RegisteredType: WireModel {
  package mutating func fields<Visitor: FieldVisitor & ~Copyable>(_ visitor: inout Visitor) throws {
    try visitor.field("id", &id)
    try visitor.field("key", &key)
    try visitor.field("display_name", &displayName)
    try visitor.field("status", &status)
    try visitor.field("source", &source)
  }
}

extension DecisionTrace.RegisteredAction: WireModel {
  package mutating func fields<Visitor: FieldVisitor & ~Copyable>(_ visitor: inout Visitor) throws {
    try visitor.field("id", &id)
    try visitor.field("resource_type_id", &resourceTypeID)
    try visitor.field("key", &key)
    try visitor.field("display_name", &displayName)
    try visitor.field("risk_level", &riskLevel)
    try visitor.field("audit_default", &auditDefault)
  }
}

extension DecisionTrace.Mapping: WireModel {
  package mutating func fields<Visitor: FieldVisitor & ~Copyable>(_ visitor: inout Visitor) throws {
    try visitor.field("id", &id)
    try visitor.field("resource_type_id", &resourceTypeID)
    try visitor.field("storage_kind", &storageKind)
    try visitor.field("table_name", &tableName)
    try visitor.field("id_field", &idField)
    try visitor.field("space_field", &spaceField)
    try visitor.field("group_field", &groupField)
    try visitor.field("owner_member_field", &ownerMemberField)
    try visitor.field("visibility_field", &visibilityField)
    try visitor.field("metadata_field", &metadataField)
    try visitor.field("status", &status)
  }
}

extension DecisionTrace.Candidate: WireModel {
  package mutating func fields<Visitor: FieldVisitor & ~Copyable>(_ visitor: inout Visitor) throws {
    try visitor.field("role", &role)
    try visitor.field("permission", &permission)
    try visitor.field("scope_anchor", &scopeAnchor)
    try visitor.field("scope_check", &scopeCheck)
    try visitor.field("member_role_space_id", &memberRoleSpaceID)
  }
}

extension DecisionTrace.Role: WireModel {
  package mutating func fields<Visitor: FieldVisitor & ~Copyable>(_ visitor: inout Visitor) throws {
    try visitor.field("id", &id)
    try visitor.field("key", &key)
    try visitor.field("space_id", &spaceID)
  }
}

extension DecisionTrace.Permission: WireModel {
  package mutating func fields<Visitor: FieldVisitor & ~Copyable>(_ visitor: inout Visitor) throws {
    try visitor.field("id", &id)
    try visitor.field("resource", &resource)
    try visitor.field("action", &action)
    try visitor.field("scope", &scope)
  }
}

extension DecisionTrace.ScopeCheck: WireModel {
  package mutating func fields<Visitor: FieldVisitor & ~Copyable>(_ visitor: inout Visitor) throws {
    try visitor.field("covered", &covered)
    try visitor.field("rule", &rule)
    try visitor.field("reason", &reason)
    try visitor.decisive("deny_code", &denyCode)
  }
}

extension DecisionTrace.RequestInfo: WireModel {
  package mutating func fields<Visitor: FieldVisitor & ~Copyable>(_ visitor: inout Visitor) throws {
    try visitor.field("request_id", &requestID)
    try visitor.field("ip", &ip)
    try visitor.field("user_agent", &userAgent)
  }
}
