import PlystraCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// People, the members they act as, and the spaces these belong to.
struct Directory: Sendable {
  private(set) var users: [ExactText: KernelSeed.User]
  private(set) var spaces: [ExactText: KernelSeed.Space]
  private(set) var members: [ExactText: KernelSeed.Member]
  private(set) var userMembers: [ExactText: KernelSeed.UserMember]
  private var userIDsByEmail: [ExactText: String]
  /// The ids of each user's bindings, in the order in which they were made.
  private var bindingIDsByUser: [ExactText: [String]] = [:]
  /// Users who may do everything.
  private let superAdministrators: Set<ExactText>
  /// The spaces in which a user may do everything, by user.
  private var administeredSpaces: [ExactText: [String]] = [:]
  /// Names and numbers by which users who registered are known, besides their e-mail addresses.
  private var usernames: Set<ExactText> = []
  private var phones: Set<ExactText> = []

  init(_ seed: KernelSeed) {
    users = Dictionary(firstOf: seed.users, by: \.id)
    spaces = Dictionary(firstOf: seed.spaces, by: \.id)
    members = Dictionary(firstOf: seed.members, by: \.id)
    userMembers = Dictionary(firstOf: seed.userMembers, by: \.id)
    userIDsByEmail = Dictionary(firstOf: seed.users) { Self.normalizedEmail($0.email) }.mapValues(\.id)
    superAdministrators = Set(seed.superAdministrators.map(ExactText.init))
    for binding in seed.userMembers {
      bindingIDsByUser[ExactText(binding.userID), default: []].append(binding.id)
    }
  }

  /// An e-mail address as it is compared: without white space at its ends, in lower case.
  static func normalizedEmail(_ email: String) -> String { email.trimmed().simplyLowercased() }

  func user(email: String) -> KernelSeed.User? {
    userIDsByEmail[ExactText(Self.normalizedEmail(email))].flatMap { users[ExactText($0)] }
  }

  // MARK: Status

  /// Changes the status of a user; false if there is none of the id. So do the other three for what they name.
  mutating func setStatus(_ status: String, ofUser id: String) -> Bool {
    Self.set(status, \.status, of: id, in: &users)
  }

  mutating func setStatus(_ status: String, ofSpace id: String) -> Bool {
    Self.set(status, \.status, of: id, in: &spaces)
  }

  mutating func setStatus(_ status: String, ofMember id: String) -> Bool {
    Self.set(status, \.status, of: id, in: &members)
  }

  mutating func setStatus(_ status: String, ofUserMember id: String) -> Bool {
    Self.set(status, \.status, of: id, in: &userMembers)
  }

  private static func set<Element>(
    _ status: String, _ path: WritableKeyPath<Element, String>, of id: String,
    in elements: inout [ExactText: Element]
  ) -> Bool {
    elements[ExactText(id)]?[keyPath: path] = status
    return elements[ExactText(id)] != nil
  }

  // MARK: Bindings

  /// A binding through which a user can act at this moment, with the names that answers show.
  struct UsableBinding {
    let binding: KernelSeed.UserMember
    let userEmail: String
    let memberDisplayName: String
    let spaceName: String
  }

  /// The bindings through which a user can act now, the primary one first, then by space and member name.
  func usableBindings(of userID: String, now: Date) -> [UsableBinding] {
    guard let user = users[ExactText(userID)] else { return [] }
    let usable = (bindingIDsByUser[ExactText(userID)] ?? []).compactMap { id -> UsableBinding? in
      guard let binding = userMembers[ExactText(id)], binding.userID.isExactly(userID),
        binding.status == "active", binding.expiresAt.map({ $0 > now }) ?? true,
        let member = members[ExactText(binding.memberID)], member.status == "active",
        let space = spaces[ExactText(binding.spaceID)], space.status == "active"
      else { return nil }
      return UsableBinding(
        binding: binding, userEmail: user.email, memberDisplayName: member.displayName,
        spaceName: space.name)
    }
    return usable.sorted { left, right in
      if left.binding.isPrimary != right.binding.isPrimary { return left.binding.isPrimary }
      if !left.spaceName.isExactly(right.spaceName) {
        return left.spaceName.precedesExactly(right.spaceName)
      }
      return left.memberDisplayName.precedesExactly(right.memberDisplayName)
    }
  }

  // MARK: Administration

  func isSuperAdministrator(_ userID: String) -> Bool { superAdministrators.contains(ExactText(userID)) }

  func spacesAdministered(by userID: String) -> [String] { administeredSpaces[ExactText(userID)] ?? [] }

  // MARK: Registration

  /// Adds a user with a member of its own in a space that it then administers; the space is made or made active.
  mutating func register(
    _ user: KernelSeed.User, as member: KernelSeed.Member, through binding: KernelSeed.UserMember,
    in space: KernelSeed.Space, username: String?, phone: String?
  ) {
    users[ExactText(user.id)] = user
    userIDsByEmail[ExactText(Self.normalizedEmail(user.email))] = user.id
    spaces[ExactText(space.id), default: space].status = "active"
    members[ExactText(member.id)] = member
    userMembers[ExactText(binding.id)] = binding
    bindingIDsByUser[ExactText(user.id), default: []].append(binding.id)
    administeredSpaces[ExactText(user.id), default: []].append(space.id)
    if let username { usernames.insert(ExactText(username)) }
    if let phone { phones.insert(ExactText(phone)) }
  }

  func isTaken(username: String) -> Bool { usernames.contains(ExactText(username)) }

  func isTaken(phone: String) -> Bool { phones.contains(ExactText(phone)) }
}
