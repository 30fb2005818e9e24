/// What a route asks of an API key or an administrator.
enum PermissionKey: String, Sendable {
  case readCapabilities = "capabilities:read"
  case readResourceRegistry = "resource_registry:read"
  case check = "authz:check"
  case explain = "authz:explain"
  case readAudit = "audit:read"

  /// Whether a key that was granted includes this one: `*`, `DOMAIN:*`, `DOMAIN:manage`, or the key itself.
  func isIncluded(in granted: String) -> Bool {
    if granted == "*" || granted == rawValue { return true }
    let domain = rawValue.prefix { $0 != ":" }
    return granted == "\(domain):*" || granted == "\(domain):manage"
  }
}
