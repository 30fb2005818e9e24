import PlystraCore

/// What a test takes away from a running kernel.
///
/// ```swift
/// try kernel.revoke(.userMember("um_alice_finance_reviewer"))  // denied with USER_MEMBER_REVOKED from now on
/// ```
public struct KernelRevocation: Sendable {
  enum Target: Sendable {
    case userMember(String)
    case member(String)
    case user(String)
    case space(String)
    case grants(memberID: String, role: String)
    case sessions(userID: String)
    case apiKey(Secret)
  }

  let target: Target

  /// A binding, by its id: its status becomes `revoked`, and decisions `USER_MEMBER_REVOKED`.
  public static func userMember(_ id: String) -> KernelRevocation { .init(target: .userMember(id)) }
  /// A member, by its id: its status becomes `inactive`, and decisions `ACTOR_MEMBER_INACTIVE`.
  public static func member(_ id: String) -> KernelRevocation { .init(target: .member(id)) }
  /// A user, by its id: the status becomes `inactive`, decisions `ACTOR_USER_INACTIVE`, and logins are refused.
  /// Sessions that have begun go on; see ``sessions(of:)``.
  public static func user(_ id: String) -> KernelRevocation { .init(target: .user(id)) }
  /// A space, by its id: its status becomes `inactive`, and decisions `SPACE_INACTIVE`.
  public static func space(_ id: String) -> KernelRevocation { .init(target: .space(id)) }
  /// What a member was granted by a role, named by its id or key.
  public static func grant(of role: String, to memberID: String) -> KernelRevocation {
    .init(target: .grants(memberID: memberID, role: role))
  }
  /// Every session of a user, by the user's id: the tokens are dead at once.
  public static func sessions(of userID: String) -> KernelRevocation {
    .init(target: .sessions(userID: userID))
  }
  /// An API key: it is answered with 401 from now on.
  public static func apiKey(_ key: String) -> KernelRevocation { .init(target: .apiKey(Secret(key))) }
}

/// There is nothing of the name that a test wanted to revoke.
public struct KernelRevocationError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What was looked for and what there is, on one line; it never quotes a credential.
  public let description: String

  init(description: String) { self.description = OneLine.text(description) }
}

extension KernelState {
  mutating func revoke(_ revocation: KernelRevocation) throws(KernelRevocationError) {
    switch revocation.target {
    case .userMember(let id):
      try require(directory.setStatus("revoked", ofUserMember: id), "binding", id, directory.userMembers.keys)
    case .member(let id):
      try require(directory.setStatus("inactive", ofMember: id), "member", id, directory.members.keys)
    case .user(let id):
      try require(directory.setStatus("inactive", ofUser: id), "user", id, directory.users.keys)
    case .space(let id):
      try require(directory.setStatus("inactive", ofSpace: id), "space", id, directory.spaces.keys)
    case .grants(let memberID, let role):
      try require(
        catalogue.removeGrants(of: role, to: memberID), "role of the member \(memberID)", role,
        catalogue.roles(of: memberID))
    case .sessions(let userID):
      guard sessions.endAll(userID: userID) else {
        throw KernelRevocationError(description: "the user \"\(userID)\" has no session")
      }
    case .apiKey(let key):
      guard apiKeys.removeValue(forKey: key) != nil else {
        throw KernelRevocationError(description: "the API key is none of the \(apiKeys.count) that are known")
      }
    }
  }

  private func require(
    _ isFound: Bool, _ what: String, _ name: String, _ known: some Collection<ExactText>
  ) throws(KernelRevocationError) {
    guard !isFound else { return }
    let names = known.map(\.text).sorted().joined(separator: ", ")
    throw KernelRevocationError(
      description: "there is no \(what) \"\(name)\"" + (names.isEmpty ? "" : "; known: \(names)"))
  }
}
