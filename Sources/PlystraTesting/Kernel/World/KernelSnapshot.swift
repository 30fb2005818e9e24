/// Everything that a kernel knew at a moment: people, sessions, audit rows, failures yet to come, and how far seeded
/// ids have come. The clock is not part of it.
///
/// A value: it can be restored any number of times, also into other kernels.
public struct KernelSnapshot: Sendable {
  let state: KernelState
  /// How far a kernel with seeded ids has come.
  let idPosition: SplitMix64?
}

extension KernelSnapshot: CustomStringConvertible, CustomReflectable {
  /// How many audit rows there are; nothing of what they say.
  public var description: String { "KernelSnapshot(\(state.audit.count) audit rows)" }
  /// Shows nothing beyond `description`.
  public var customMirror: Mirror { Mirror(self, children: []) }
}
