import PlystraCore

/// A call of the service that the SDK has a method for: an open set, named as errors and events name them.
public struct ServiceOperation: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
  /// The name, such as `authz.check`.
  public let rawValue: String
  /// Makes an operation of its name.
  public init(rawValue: String) { self.rawValue = rawValue }
  /// The name.
  public var description: String { OneLine.text(rawValue) }

  /// `GET /api/v1/health`
  public static let systemHealth = ServiceOperation(rawValue: "system.health")
  /// `GET /api/v1/ready`
  public static let systemReady = ServiceOperation(rawValue: "system.ready")
  /// `GET /api/v1/version`
  public static let systemVersion = ServiceOperation(rawValue: "system.version")
  /// `GET /api/v1/capabilities`
  public static let systemCapabilities = ServiceOperation(rawValue: "system.capabilities")
  /// `POST /api/v1/auth/register`
  public static let authRegister = ServiceOperation(rawValue: "auth.register")
  /// `POST /api/v1/auth/login`
  public static let authLogin = ServiceOperation(rawValue: "auth.login")
  /// `POST /api/v1/auth/refresh`
  public static let authRefresh = ServiceOperation(rawValue: "auth.refresh")
  /// `POST /api/v1/auth/logout`
  public static let authLogout = ServiceOperation(rawValue: "auth.logout")
  /// `GET /api/v1/actor/context`
  public static let actorContext = ServiceOperation(rawValue: "actor.context")
  /// `POST /api/v1/actor/switch-member`
  public static let actorSwitchMember = ServiceOperation(rawValue: "actor.switchMember")
  /// `GET /api/v1/resource-types`
  public static let resourceTypesList = ServiceOperation(rawValue: "resourceTypes.list")
  /// `POST /api/v1/authz/check`
  public static let authzCheck = ServiceOperation(rawValue: "authz.check")
  /// `POST /api/v1/authz/explain`
  public static let authzExplain = ServiceOperation(rawValue: "authz.explain")
  /// `GET /api/v1/audit/logs`
  public static let auditList = ServiceOperation(rawValue: "audit.list")
  /// `GET /api/v1/audit/logs/{id}`
  public static let auditGet = ServiceOperation(rawValue: "audit.get")

  /// The operations by method and path behind `/api/v1/`.
  private static let routes: [String: ServiceOperation] = [
    "GET health": systemHealth, "GET ready": systemReady, "GET version": systemVersion,
    "GET capabilities": systemCapabilities, "POST auth/register": authRegister,
    "POST auth/login": authLogin, "POST auth/refresh": authRefresh, "POST auth/logout": authLogout,
    "GET actor/context": actorContext, "POST actor/switch-member": actorSwitchMember,
    "GET resource-types": resourceTypesList, "POST authz/check": authzCheck,
    "POST authz/explain": authzExplain, "GET audit/logs": auditList,
  ]

  /// The operation that a request is, or nil if the SDK has no method for it.
  init?(method: String, address: RequestAddress) {
    let segments = address.ownSegments
    guard segments.starts(with: ["api", "v1"]) else { return nil }
    let rest = segments.dropFirst(2)
    if let operation = Self.routes["\(method) \(rest.joined(separator: "/"))"] {
      self = operation
    } else if method == "GET", rest.count == 3, rest.starts(with: ["audit", "logs"]) {
      self = .auditGet
    } else {
      return nil
    }
  }

  /// How a test names the operation, such as `.authzCheck`.
  var codeName: String {
    let words = rawValue.split(separator: ".")
    guard words.count == 2, let last = words.last else { return ".operation(\"\(rawValue)\")" }
    return ".\(words[0])\(last.prefix(1).uppercased())\(last.dropFirst())"
  }
}
