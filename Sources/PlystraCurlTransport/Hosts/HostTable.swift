import PlystraCore

/// The hosts that a loop has requests for, or had lately.
///
/// Used on the loop thread alone.
struct HostTable {
  /// Hosts without transfers are remembered up to this number in all.
  private let remembered: Int
  private var hosts = SlotTable<Host>()
  private var slots: [String: Int] = [:]
  /// The host of the last transfer, as its URL spelled it: mostly that of the next one, too.
  private var last: (spelling: String, slot: Int)?
  private var lastGeneration = 0

  init(remembered: Int = 64) { self.remembered = remembered }

  var count: Int { slots.count }

  /// A host of this table.
  subscript(slot: Int) -> Host {
    get { hosts[existing: slot] }
    _modify { yield &hosts[existing: slot] }
  }

  /// The slots of all hosts.
  var allSlots: [Int] { Array(slots.values) }

  /// The slot of the host of a URL, which is new if there was none.
  mutating func slot(for origin: RequestOrigin) -> Int {
    if let last, origin.isWritten(last.spelling) { return last.slot }
    let key = origin.key
    let slot: Int
    if let known = slots[key] {
      slot = known
    } else {
      slot = hosts.insert(Host(origin: key, generation: lastGeneration))
      slots[key] = slot
    }
    last = (origin.spelling, slot)
    return slot
  }

  /// Forgets a host if it is idle and there are many.
  mutating func forgetIfIdle(_ slot: Int) {
    guard slots.count > remembered, self[slot].isIdle, !self[slot].isListed else { return }
    slots[self[slot].origin] = nil
    hosts.remove(at: slot)
    if last?.slot == slot { last = nil }
  }

  /// Has the transfers of a host use new connections.
  mutating func beginGeneration(of slot: Int) {
    lastGeneration += 1
    self[slot].begin(generation: lastGeneration)
  }
}
