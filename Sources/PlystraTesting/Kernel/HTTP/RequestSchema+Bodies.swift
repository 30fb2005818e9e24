// The bodies that the service takes (contract §1 and §3).

extension RequestSchema {
  static let login = RequestSchema(strings: "email", "password")

  static let refreshToken = RequestSchema(strings: "refresh_token")

  static let register = RequestSchema(
    strings: "email", "password", "username", "phone", "space_name", "space_slug", "member_display_name",
    "registration_token", others: ["metadata": .freeObject])

  static let switchMember = RequestSchema(strings: "member_id", "user_member_id")

  static let authorization = RequestSchema(
    strings: "resource_type", "resource_id", "action",
    others: [
      "actor": .object(actor), "resource": .object(resource), "grants": .array(of: grant),
      "explain": .boolean,
    ])

  private static let actor = RequestSchema(
    strings: "user_id", "member_id", "space_id", "binding_id", "user_member_id", "user_email", "user_status",
    "member_display_name", "member_status", "binding_status", "relation_type", "space_name", "space_status")

  private static let resource = RequestSchema(
    strings: "type", "id", "external_id", "space_id", "group_id", "group_path", "owner_member_id",
    "display_name", "visibility", "status", others: ["metadata": .freeObject])

  private static let grant = RequestSchema(
    strings: "scope", "role_id", "role_key", "permission_id", "resource", "action", "space_id",
    "scope_anchor_group_id", "scope_anchor_group_path")
}
