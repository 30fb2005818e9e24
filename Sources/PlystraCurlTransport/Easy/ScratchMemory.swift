/// Memory that one use after another fills from the start, without an allocation for each.
///
/// `Element` is trivial: nothing is destroyed when it is overwritten.
struct ScratchMemory<Element: BitwiseCopyable>: ~Copyable {
  /// What is kept between uses.
  private static var keptBytes: Int { 64 << 10 }

  private var start: UnsafeMutablePointer<Element>?
  private var capacity = 0

  deinit { start?.deallocate() }

  /// Memory for at least `count` elements, whatever is in it. What an earlier call returned is void.
  mutating func reserve(_ count: Int) -> UnsafeMutablePointer<Element> {
    if let start, capacity >= count { return start }
    start?.deallocate()
    let memory = UnsafeMutablePointer<Element>.allocate(capacity: count)
    start = memory
    capacity = count
    return memory
  }

  /// What the last call of `reserve` returned, unless it was given back.
  var current: UnsafeMutablePointer<Element>? { start }

  /// Ends a use: gives the memory back if it is much.
  mutating func giveBackExcess() {
    guard capacity * MemoryLayout<Element>.stride > Self.keptBytes else { return }
    start?.deallocate()
    start = nil
    capacity = 0
  }
}
