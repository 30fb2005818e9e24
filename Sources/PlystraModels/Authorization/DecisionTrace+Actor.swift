#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

// Who acted, as whom, and where.

extension DecisionTrace {
  /// Who acted.
  public struct Actor: Sendable, Hashable, Codable {
    /// The user.
    public var user = User()
    /// The member as which the user acted.
    public var member = Member()
    /// The binding of both.
    public var userMember = UserMember()
    /// The actor's space.
    public var space = Space()
    /// Makes a blank actor.
    public init() {}
    /// Reads a stored actor.
    public init(from decoder: any Decoder) throws { try self.init(bridging: decoder) }
    /// Stores the actor.
    public func encode(to encoder: any Encoder) throws { try bridge(to: encoder) }
  }

  /// A user.
  public struct User: Sendable, Hashable, Codable {
    /// The user's id.
    public var id: String = ""
    /// The e-mail address, if known.
    public var email: String?
    /// The status, such as `active`.
    public var status: String = ""
    /// Makes a blank user.
    public init() {}
    /// Reads a stored user.
    public init(from decoder: any Decoder) throws { try self.init(bridging: decoder) }
    /// Stores the user.
    public func encode(to encoder: any Encoder) throws { try bridge(to: encoder) }
  }

  /// A member of a space.
  public struct Member: Sendable, Hashable, Codable {
    /// The member's id.
    public var id: String = ""
    /// The space's id.
    public var spaceID: String = ""
    /// The name.
    public var displayName: String = ""
    /// The status, such as `active`.
    public var status: String = ""
    /// Makes a blank member.
    public init() {}
    /// Reads a stored member.
    public init(from decoder: any Decoder) throws { try self.init(bridging: decoder) }
    /// Stores the member.
    public func encode(to encoder: any Encoder) throws { try bridge(to: encoder) }
  }

  /// A binding of a user and a member.
  public struct UserMember: Sendable, Hashable, Codable {
    /// The binding's id.
    public var id: String = ""
    /// The user's id.
    public var userID: String = ""
    /// The member's id.
    public var memberID: String = ""
    /// The space's id.
    public var spaceID: String = ""
    /// How user and member relate, such as `login`, `delegate` or `external`.
    public var relationType: String = ""
    /// The status, such as `active`.
    public var status: String = ""
    /// Whether it is the user's main binding.
    public var isPrimary = false
    /// When it ends; nil if never.
    public var expiresAt: Date?
    /// Makes a blank binding.
    public init() {}
    /// Reads a stored binding.
    public init(from decoder: any Decoder) throws { try self.init(bridging: decoder) }
    /// Stores the binding.
    public func encode(to encoder: any Encoder) throws { try bridge(to: encoder) }
  }

  /// A space.
  public struct Space: Sendable, Hashable, Codable {
    /// The space's id.
    public var id: String = ""
    /// The name.
    public var name: String = ""
    /// The status, such as `active`.
    public var status: String = ""
    /// Makes a blank space.
    public init() {}
    /// Reads a stored space.
    public init(from decoder: any Decoder) throws { try self.init(bridging: decoder) }
    /// Stores the space.
    public func encode(to encoder: any Encoder) throws { try bridge(to: encoder) }
  }
}
