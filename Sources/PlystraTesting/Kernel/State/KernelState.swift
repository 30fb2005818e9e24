import PlystraCore

/// Everything that an in-memory kernel knows at a moment.
struct KernelState: Sendable {
  /// Whether the service has finished starting up, as far as `system.ready` says.
  var isReady = true
  /// People, members, bindings and spaces.
  var directory: Directory
  /// Resource types and their actions.
  let registry: ResourceRegistry
  /// Stored resources, and what each member was granted.
  var catalogue: ResourceCatalogue
  var apiKeys: [Secret: KernelSeed.APIKey]
  let registration: KernelSeed.Registration
  var sessions = SessionStore()
  var loginLimiter = LoginLimiter()
  var audit = AuditLog()
  /// What a test has planned to go wrong.
  var faults = PlannedFaults()

  init(_ seed: KernelSeed) {
    directory = Directory(seed)
    registry = ResourceRegistry(seed.resourceTypes)
    catalogue = ResourceCatalogue(seed)
    registration = seed.registration
    apiKeys = Dictionary(seed.apiKeys.map { ($0.key, $0) }) { first, _ in first }
  }
}

extension Dictionary where Key == ExactText {
  /// The elements by a name of each; of equal names the first element counts.
  init(firstOf elements: [Value], by name: (Value) -> String) {
    self.init(elements.map { (ExactText(name($0)), $0) }) { first, _ in first }
  }
}
