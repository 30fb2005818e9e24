public import PlystraCore

/// Which requests a rule is about.
///
/// ```swift
/// mock.on(.authzCheck)
/// mock.on(.authzCheck.with(body: ["resource": ["external_id": "invoice_002"]]))
/// mock.on(.request("GET", "/api/v1/things").with(query: ["limit": "10"]))
/// mock.on(.auditList.and("a key of the space") { $0.apiKey == Secret("ply_ak_space.secret") })
/// ```
public struct RequestPattern: Sendable, CustomStringConvertible {
  /// The pattern in words.
  public let description: String
  /// How a test writes it.
  let codeName: String
  private let condition: @Sendable (RecordedRequest) -> Bool

  private init(
    _ description: String, codeName: String, condition: @escaping @Sendable (RecordedRequest) -> Bool
  ) {
    self.description = OneLine.text(description, atMost: .max)
    self.codeName = codeName
    self.condition = condition
  }

  /// Whether a request is one of those.
  public func matches(_ request: RecordedRequest) -> Bool { condition(request) }

  // MARK: Patterns

  /// Every request.
  public static let any = RequestPattern("any request", codeName: ".any") { _ in true }

  /// Requests of one of the SDK's calls.
  public static func operation(_ operation: ServiceOperation) -> RequestPattern {
    RequestPattern(operation.rawValue, codeName: operation.codeName) { $0.operation == operation }
  }

  /// Requests of a method to a path, whatever their query.
  ///
  /// - Parameters:
  ///   - method: the method, such as `GET`.
  ///   - path: the path behind the base URL's own, encoded, from its first slash on.
  public static func request(_ method: String, _ path: String) -> RequestPattern {
    let segments = RequestAddress(path).ownSegments
    return RequestPattern("\(method) \(path)", codeName: ".request(\"\(method)\", \"\(path)\")") { request in
      request.method == method && RequestAddress(request.url).ownSegments == segments
    }
  }

  // MARK: Refinements

  /// Those of the pattern whose body holds at least what is given: objects by their members at any depth, everything
  /// else by equality, numbers by value. Passwords and tokens are compared by ``and(_:_:)``.
  public func with(body part: JSONValue) -> RequestPattern {
    refined("with body \(part)") { $0.body.map { JSONComparison.holds($0, part) } ?? false }
  }

  /// Those of the pattern whose query has at least the given names with these values.
  public func with(query items: [String: String]) -> RequestPattern {
    let shown = items.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: "&")
    return refined("with query \(shown)") { request in
      items.allSatisfy { request.query($0.key) == $0.value }
    }
  }

  /// Those of the pattern for which a condition holds.
  ///
  /// - Parameters:
  ///   - words: the condition in words, for messages.
  ///   - condition: may be asked more than once about a request.
  public func and(
    _ words: String, _ condition: @escaping @Sendable (RecordedRequest) -> Bool
  ) -> RequestPattern {
    refined("with \(words)", condition)
  }

  private func refined(
    _ words: String, _ further: @escaping @Sendable (RecordedRequest) -> Bool
  ) -> RequestPattern {
    RequestPattern("\(description) \(words)", codeName: codeName) { [condition] in
      condition($0) && further($0)
    }
  }
}

// What `ServiceOperation` names, so that a rule reads `on(.authzCheck)`.
extension RequestPattern {
  /// `system.health`
  public static var systemHealth: RequestPattern { .operation(.systemHealth) }
  /// `system.ready`
  public static var systemReady: RequestPattern { .operation(.systemReady) }
  /// `system.version`
  public static var systemVersion: RequestPattern { .operation(.systemVersion) }
  /// `system.capabilities`
  public static var systemCapabilities: RequestPattern { .operation(.systemCapabilities) }
  /// `auth.register`
  public static var authRegister: RequestPattern { .operation(.authRegister) }
  /// `auth.login`
  public static var authLogin: RequestPattern { .operation(.authLogin) }
  /// `auth.refresh`
  public static var authRefresh: RequestPattern { .operation(.authRefresh) }
  /// `auth.logout`
  public static var authLogout: RequestPattern { .operation(.authLogout) }
  /// `actor.context`
  public static var actorContext: RequestPattern { .operation(.actorContext) }
  /// `actor.switchMember`
  public static var actorSwitchMember: RequestPattern { .operation(.actorSwitchMember) }
  /// `resourceTypes.list`
  public static var resourceTypesList: RequestPattern { .operation(.resourceTypesList) }
  /// `authz.check`
  public static var authzCheck: RequestPattern { .operation(.authzCheck) }
  /// `authz.explain`
  public static var authzExplain: RequestPattern { .operation(.authzExplain) }
  /// `audit.list`
  public static var auditList: RequestPattern { .operation(.auditList) }
  /// `audit.get`
  public static var auditGet: RequestPattern { .operation(.auditGet) }
}
