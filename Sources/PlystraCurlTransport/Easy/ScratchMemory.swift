/// Memory that one use after another fills from the start, without an allocation for each.
///
/// `Element` is trivial: nothing is destroyed when it is overwritten.
struct ScratchMemory<Element: BitwiseCopyable>: ~Copyable {
  /// What is kept between uses; more is given back when a later use does not need it.
  private static var keptBytes: Int { 64 << 10 }

  private var start: UnsafeMutablePointer<Element>?
  private var capacity = 0

  deinit { start?.deallocate() }

  /// Memory for at least `count` elements, whatever is in it. What an earlier call returned is void.
  mutating func reserve(_ count: Int) -> UnsafeMutablePointer<Element> {
    let isWasteful = capacity * MemoryLayout<Element>.stride > Self.keptBytes && count < capacity / 2
    if let start, capacity >= count && !isWasteful { return start }
    start?.deallocate()
    let memory = UnsafeMutablePointer<Element>.allocate(capacity: count)
    start = memory
    capacity = count
    return memory
  }
}
