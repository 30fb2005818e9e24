import CAllocationCounter

/// Counts what a piece of work allocates.
enum AllocationCounter {
  /// How many blocks `body` allocates, or nil where they are not counted; exact only while a single thread works.
  static func count(_ body: () throws -> Void) rethrows -> Int? {
    let before = allocation_count()
    try body()
    return before < 0 ? nil : allocation_count() - before
  }
}
