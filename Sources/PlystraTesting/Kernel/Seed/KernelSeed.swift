public import PlystraCore

/// What an ``InMemoryKernel`` knows when it starts: credentials, people, and who may do what.
///
/// A seed begins empty; start from ``demo`` to change only a part of the data that the documentation uses:
///
/// ```swift
/// var seed = KernelSeed.demo
/// seed.resourceTypes.append(.init(key: "report", actions: ["read"]))
/// let kernel = InMemoryKernel(seed: seed)
/// ```
///
/// ``init(_:)`` builds one as a tree of what belongs to what. Of entries that claim the same id, e-mail or key, the first counts. Names are compared byte for byte.
public struct KernelSeed: Sendable {
  /// The types of resources that requests may be about, in the order in which they are listed.
  public var resourceTypes: [ResourceType]
  /// The API keys that are known.
  public var apiKeys: [APIKey]
  /// The people who can log in.
  public var users: [User]
  /// The ids of the users who may do everything; other users' sessions only read and switch their own actor.
  public var superAdministrators: [String]
  /// The tenants.
  public var spaces: [Space]
  /// The groups within spaces.
  public var groups: [Group]
  /// The business identities that users act as.
  public var members: [Member]
  /// Which user may act as which member.
  public var userMembers: [UserMember]
  /// Bundles of permissions.
  public var roles: [Role]
  /// Which member holds which role, and how far it reaches.
  public var grants: [Grant]
  /// The resources that managed mode finds by type and id.
  public var resources: [Resource]
  /// Whether anybody may register.
  public var registration: Registration

  /// Makes a seed of its parts: nothing and nobody, and closed registration, if not said otherwise.
  public init(
    resourceTypes: [ResourceType] = [], apiKeys: [APIKey] = [], users: [User] = [],
    superAdministrators: [String] = [], spaces: [Space] = [], groups: [Group] = [],
    members: [Member] = [], userMembers: [UserMember] = [], roles: [Role] = [],
    grants: [Grant] = [], resources: [Resource] = [], registration: Registration = .closed
  ) {
    self.resourceTypes = resourceTypes
    self.apiKeys = apiKeys
    self.users = users
    self.superAdministrators = superAdministrators
    self.spaces = spaces
    self.groups = groups
    self.members = members
    self.userMembers = userMembers
    self.roles = roles
    self.grants = grants
    self.resources = resources
    self.registration = registration
  }
}

extension KernelSeed {
  /// Whether `auth.register` is open to anybody.
  public enum Registration: String, Sendable, CaseIterable {
    /// Registering is answered with 403.
    case closed
    /// Anybody may register, and gets a member in the space `space_default`.
    case open
  }

  /// A registered type of resource and its actions.
  public struct ResourceType: Sendable {
    /// The type as requests name it.
    public var key: String
    /// The actions as requests name them.
    public var actions: [String]

    /// Makes a resource type.
    public init(key: String, actions: [String]) {
      self.key = key
      self.actions = actions
    }
  }

  /// An API key and what it may do.
  public struct APIKey: Sendable {
    /// How far a key reaches.
    public enum Level: Sendable, Hashable {
      /// Everywhere.
      case instance
      /// One space, named by its id.
      case space(String)
    }

    /// The key itself.
    public var key: Secret
    /// How far it reaches.
    public var level: Level
    /// What it may do: `*`, `DOMAIN:*`, `DOMAIN:manage` or `DOMAIN:ACTION`.
    public var permissionKeys: [String]

    /// Makes an API key: everywhere and everything, if not said otherwise.
    public init(key: Secret, level: Level = .instance, permissionKeys: [String] = ["*"]) {
      self.key = key
      self.level = level
      self.permissionKeys = permissionKeys
    }
  }

  /// Somebody who can log in.
  public struct User: Sendable {
    /// The user's id.
    public var id: String
    /// The e-mail address, compared in lower case.
    public var email: String
    /// The password.
    public var password: Secret
    /// `active`, or anything else to keep the user out.
    public var status: String
    /// Whether a world that is being built lists the user among its super administrators.
    var isSuperAdministrator = false

    /// Makes a user.
    public init(id: String, email: String, password: Secret, status: String = "active") {
      self.id = id
      self.email = email
      self.password = password
      self.status = status
    }
  }

  /// A tenant.
  public struct Space: Sendable {
    /// The space's id.
    public var id: String
    /// The name to show.
    public var name: String
    /// `active`, or anything else to deny every request of its members.
    public var status: String
    /// What is in it while a world is being built, and nothing after that.
    var parts: [any SpacePart] = []

    /// Makes a space; its name defaults to its id.
    public init(id: String, name: String? = nil, status: String = "active") {
      self.id = id
      self.name = name ?? id
      self.status = status
    }
  }

  /// A group within a space.
  public struct Group: Sendable {
    /// The group's id.
    public var id: String
    /// The space it lies in.
    public var spaceID: String
    /// The path from the topmost group, its steps separated by dots.
    public var path: String
    /// `active`, as decisions show it; they do not depend on it.
    public var status: String
    /// What is in it while a world is being built, and nothing after that.
    var parts: [any GroupPart] = []

    /// Makes a group.
    public init(id: String, spaceID: String, path: String, status: String = "active") {
      self.id = id
      self.spaceID = spaceID
      self.path = path
      self.status = status
    }
  }
}
