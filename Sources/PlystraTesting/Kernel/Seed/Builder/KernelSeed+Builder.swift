extension KernelSeed {
  /// Builds a seed as the world is: spaces that hold groups, roles and members, who hold what is theirs.
  ///
  /// Whatever lies within something else belongs to it, so no id is written twice:
  ///
  /// ```swift
  /// extension KernelSeed {
  ///   static func acme() throws -> KernelSeed {
  ///     try KernelSeed {
  ///       ResourceType("invoice", "approve", "reject")
  ///       APIKey("ply_ak_test.secret")
  ///       User("alice")
  ///       Space("acme") {
  ///         Group("finance") {
  ///           Group("apac") { Resource("invoice", "invoice_001") }
  ///         }
  ///         Role("approver") { Permission("invoice", "approve", .groupTree) }
  ///         Member("reviewer") {
  ///           UserMember("alice")
  ///           Grant("approver", at: "finance")
  ///         }
  ///       }
  ///     }
  ///   }
  /// }
  /// let kernel = try InMemoryKernel(seed: .acme())
  /// ```
  ///
  /// The names are those of the types in here, so they are written in full (`KernelSeed.Space`) anywhere but in an
  /// extension of this type or in a type that conforms to ``KernelSeedNames``, such as a test suite. Another seed may
  /// stand among the parts, for instance ``demo``, and so may values of the types made in any other way.
  ///
  /// - Throws: ``KernelSeedError`` if a part names another one that is not there, or two have the same id.
  public init(@PartBuilder<any WorldPart> _ content: () -> [any WorldPart]) throws(KernelSeedError) {
    var assembly = SeedAssembly()
    for part in content() { try assembly.add(part) }
    self = try assembly.finished()
  }

  /// What may stand at the top of a world.
  public protocol WorldPart: Sendable {}
  /// What may stand in a space.
  public protocol SpacePart: Sendable {}
  /// What may stand in a group.
  public protocol GroupPart: Sendable {}
  /// What may stand in a member.
  public protocol MemberPart: Sendable {}

  /// Collects the parts of a world, with `if`, `else`, `switch` and `for` among them.
  @resultBuilder
  public enum PartBuilder<Part> {
    /// One part.
    public static func buildExpression(_ part: Part) -> [Part] { [part] }
    /// Parts that come as a list.
    public static func buildExpression(_ parts: [Part]) -> [Part] { parts }
    /// Parts one after the other.
    public static func buildBlock(_ parts: [Part]...) -> [Part] { parts.flatMap { $0 } }
    /// Parts behind an `if`.
    public static func buildOptional(_ parts: [Part]?) -> [Part] { parts ?? [] }
    /// Parts of the first branch.
    public static func buildEither(first parts: [Part]) -> [Part] { parts }
    /// Parts of the other branch.
    public static func buildEither(second parts: [Part]) -> [Part] { parts }
    /// Parts of each turn of a loop.
    public static func buildArray(_ parts: [[Part]]) -> [Part] { parts.flatMap { $0 } }
  }
}

extension KernelSeed: KernelSeed.WorldPart {}
extension KernelSeed.Registration: KernelSeed.WorldPart {}
extension KernelSeed.ResourceType: KernelSeed.WorldPart {}
extension KernelSeed.User: KernelSeed.WorldPart {}
extension KernelSeed.Space: KernelSeed.WorldPart {}
extension KernelSeed.APIKey: KernelSeed.WorldPart, KernelSeed.SpacePart {}
extension KernelSeed.Group: KernelSeed.WorldPart, KernelSeed.SpacePart, KernelSeed.GroupPart {}
extension KernelSeed.Resource: KernelSeed.WorldPart, KernelSeed.SpacePart, KernelSeed.GroupPart {}
extension KernelSeed.Role: KernelSeed.WorldPart, KernelSeed.SpacePart {}
extension KernelSeed.Member: KernelSeed.WorldPart, KernelSeed.SpacePart {}
extension KernelSeed.UserMember: KernelSeed.WorldPart, KernelSeed.MemberPart {}
extension KernelSeed.Grant: KernelSeed.WorldPart, KernelSeed.MemberPart {}

/// Lets a type, such as a test suite, use the names of a world's parts without `KernelSeed` in front.
///
/// ```swift
/// @Suite struct ApprovalTests: KernelSeedNames {
///   @Test func approves() async throws {
///     let seed = try KernelSeed { Space("acme") { Group("finance") } }
///     …
///   }
/// }
/// ```
public protocol KernelSeedNames {}

extension KernelSeedNames {
  /// A tenant.
  public typealias Space = KernelSeed.Space
  /// A group within a space.
  public typealias Group = KernelSeed.Group
  /// A business identity within a space.
  public typealias Member = KernelSeed.Member
  /// The binding by which a user acts as a member.
  public typealias UserMember = KernelSeed.UserMember
  /// Somebody who can log in.
  public typealias User = KernelSeed.User
  /// A bundle of permissions.
  public typealias Role = KernelSeed.Role
  /// What a role permits.
  public typealias Permission = KernelSeed.Permission
  /// A role that a member holds.
  public typealias Grant = KernelSeed.Grant
  /// A resource that managed mode finds.
  public typealias Resource = KernelSeed.Resource
  /// A registered type of resource.
  public typealias ResourceType = KernelSeed.ResourceType
  /// An API key.
  public typealias APIKey = KernelSeed.APIKey
  /// Whether anybody may register.
  public typealias Registration = KernelSeed.Registration
}
