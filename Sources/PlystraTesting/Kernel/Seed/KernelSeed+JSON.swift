import PlystraCore

extension KernelSeed {
  /// Reads a seed file: one JSON object, every key of which is optional.
  ///
  /// A key that is absent keeps the data of ``demo``; an empty value means none.
  ///
  /// - Throws: ``KernelSeedError``, which names path and line of what cannot be used.
  public init(parsing bytes: some Collection<UInt8>) throws {
    let lines = SeedLines(Array(bytes))
    do {
      try self.init(SeedNode(value: try JSONValue(parsing: bytes), path: ""))
    } catch let error as JSONError {
      throw KernelSeedError(
        path: "", reason: "not JSON: \(error)", line: lines.line(ofOffset: error.offset))
    } catch let error as KernelSeedError {
      throw KernelSeedError(path: error.path, reason: error.reason, line: lines.line(ofPath: error.path))
    }
  }

  private init(_ root: SeedNode) throws(KernelSeedError) {
    let file = try root.object(
      "resource_types", "api_keys", "users", "super_administrators", "spaces", "groups", "members",
      "user_members", "roles", "grants", "resources", "registration")
    self = .demo
    if let node = file.optional("resource_types") { resourceTypes = try Self.resourceTypes(node) }
    try Self.replace(&apiKeys, from: file.optional("api_keys"), Self.apiKey)
    try Self.replace(&users, from: file.optional("users"), Self.user)
    try Self.replace(&superAdministrators, from: file.optional("super_administrators")) {
      (node) throws(KernelSeedError) in try node.text()
    }
    try Self.replace(&spaces, from: file.optional("spaces"), Self.space)
    try Self.replace(&groups, from: file.optional("groups"), Self.group)
    try Self.replace(&members, from: file.optional("members"), Self.member)
    try Self.replace(&userMembers, from: file.optional("user_members"), Self.userMember)
    try Self.replace(&roles, from: file.optional("roles"), Self.role)
    let names = SeedNames(self)
    try Self.replace(&grants, from: file.optional("grants")) { (node) throws(KernelSeedError) in
      try Self.grant(node, names)
    }
    try Self.replace(&resources, from: file.optional("resources")) { (node) throws(KernelSeedError) in
      try Self.resource(node, names)
    }
    if let node = file.optional("registration") { registration = try Self.registration(node) }
    try SeedCheck(covers: { file.optional($0) != nil }).check(self)
  }

  private static func replace<Element>(
    _ elements: inout [Element], from node: SeedNode?,
    _ read: (SeedNode) throws(KernelSeedError) -> Element
  ) throws(KernelSeedError) {
    guard let node else { return }
    elements = []
    for element in try node.elements() { elements.append(try read(element)) }
  }

  private static func texts(_ node: SeedNode) throws(KernelSeedError) -> [String] {
    var texts: [String] = []
    for element in try node.elements() { texts.append(try element.text()) }
    return texts
  }

  private static func resourceTypes(_ node: SeedNode) throws(KernelSeedError) -> [ResourceType] {
    var types: [ResourceType] = []
    for (key, actions) in try node.members() {
      types.append(ResourceType(key: key, actions: try texts(actions)))
    }
    return types
  }

  private static func registration(_ node: SeedNode) throws(KernelSeedError) -> Registration {
    guard let registration = Registration(rawValue: try node.text()) else {
      throw node.fault("expected \"closed\" or \"open\"")
    }
    return registration
  }

  private static func apiKey(_ node: SeedNode) throws(KernelSeedError) -> APIKey {
    let entry = try node.object("key", "level", "space_id", "permission_keys")
    let level = try entry.required("level")
    let spaceID = entry.optional("space_id")
    let keys = try entry.required("permission_keys")
    return APIKey(
      key: Secret(try entry.text("key")), level: try apiKeyLevel(level, spaceID, in: entry),
      permissionKeys: try texts(keys))
  }

  private static func apiKeyLevel(
    _ level: SeedNode, _ spaceID: SeedNode?, in entry: SeedObject
  ) throws(KernelSeedError) -> APIKey.Level {
    switch level.value {
    case "instance":
      if let spaceID, !spaceID.value.isNull {
        throw spaceID.fault("a key of level \"instance\" has no space; leave this out or use level \"space\"")
      }
      return .instance
    case "space": return .space(try entry.text("space_id"))
    default: throw level.fault("expected \"instance\" or \"space\"")
    }
  }
}
