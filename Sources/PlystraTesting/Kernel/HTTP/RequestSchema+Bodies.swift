import PlystraCore

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

  // The fields are those that the models send.

  private static let actor = RequestSchema { add in ActorContext().forEachField { name, _, _ in add(name) } }

  private static let resource = RequestSchema(others: ["metadata": .freeObject]) { add in
    ResourceContext().forEachField { name, _, _ in add(name) }
  }

  private static let grant = RequestSchema { add in Grant(scope: "").forEachField { name, _, _ in add(name) }
  }

  /// A schema of optional strings, whose names `addNames` gives.
  private init(others: [String: FieldType] = [:], _ addNames: ((StaticString) -> Void) -> Void) {
    var fields = others
    addNames { fields["\($0)"] = .string }
    self.init(fields)
  }
}
