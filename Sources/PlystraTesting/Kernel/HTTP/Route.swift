import PlystraCore

/// A path of the service, the one method that it knows, and what answers it.
struct Route: Sendable {
  typealias Handler = @Sendable (Exchange) -> (inout KernelState) throws(KernelFailure) -> KernelReply

  let method: String
  /// What the body must look like; nil for routes that read none.
  let bodySchema: RequestSchema?
  /// Whether no body at all counts as an empty object.
  let isBodyOptional: Bool
  let handler: Handler

  private static func get(_ handler: @escaping Handler) -> Route {
    Route(method: "GET", bodySchema: nil, isBodyOptional: true, handler: handler)
  }

  private static func post(
    _ schema: RequestSchema, isBodyOptional: Bool = false, _ handler: @escaping Handler
  ) -> Route {
    Route(method: "POST", bodySchema: schema, isBodyOptional: isBodyOptional, handler: handler)
  }

  /// The routes without a variable in their path, by what stands behind `/api/v1/`.
  private static let fixed: [String: Route] = [
    "health": get(Exchange.health),
    "ready": get(Exchange.ready),
    "version": get(Exchange.version),
    "capabilities": get(Exchange.listCapabilities),
    "auth/register": post(.register, Exchange.register),
    "auth/login": post(.login, Exchange.login),
    "auth/refresh": post(.refreshToken, Exchange.refresh),
    "auth/logout": post(.refreshToken, isBodyOptional: true, Exchange.logout),
    "actor/context": get(Exchange.actorContext),
    "actor/switch-member": post(.switchMember, Exchange.switchMember),
    "resource-types": get(Exchange.listResourceTypes),
    "authz/check": post(.authorization, Exchange.check),
    "authz/explain": post(.authorization, Exchange.explain),
    "audit/logs": get(Exchange.listAuditLogs),
  ]

  private static let auditLog = get(Exchange.auditLog)

  /// The route of a path and the value of its variable, or nil if there is no such path.
  static func matching(_ segments: [String]) -> (route: Route, argument: String)? {
    guard segments.starts(with: ["api", "v1"]) else { return nil }
    let rest = segments.dropFirst(2)
    if let route = fixed[rest.joined(separator: "/")] { return (route, "") }
    guard rest.count == 3, rest.starts(with: ["audit", "logs"]), let id = rest.last?.nonEmpty else {
      return nil
    }
    return (auditLog, id)
  }

  /// Reads the body of a request; the outcome matters only once the credential has been found good.
  func body(of request: KernelRequest) -> Result<JSONObject, KernelFailure> {
    guard let bodySchema, !(isBodyOptional && request.body.isEmpty) else { return .success([:]) }
    return Result { () throws(KernelFailure) in try bodySchema.object(parsing: request.body) }
  }
}
