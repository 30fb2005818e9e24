/// Bytes that are gathered piece by piece, in memory that serves one gathering after another.
///
/// The pointers are right because `count <= capacity` always, the memory has `capacity` bytes, and nobody else has it.
struct ByteBuffer: ~Copyable {
  private var start: UnsafeMutablePointer<UInt8>?
  private var capacity = 0
  private(set) var count = 0

  deinit { start?.deallocate() }

  mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard let source = bytes.baseAddress else { return }
    let memory = reserve(bytes.count)
    (memory + count).update(from: source, count: bytes.count)
    count += bytes.count
  }

  /// Forgets the bytes, and gives the memory back if it is more than `keptBytes`.
  mutating func removeAll(keptBytes: Int) {
    count = 0
    guard capacity > keptBytes else { return }
    start?.deallocate()
    start = nil
    capacity = 0
  }

  /// A copy of the bytes, in memory of the right size.
  var bytes: [UInt8] { Array(UnsafeBufferPointer(start: start, count: count)) }

  /// The memory, with room for so many bytes more.
  private mutating func reserve(_ length: Int) -> UnsafeMutablePointer<UInt8> {
    if let start, capacity - count >= length { return start }
    let larger = max(1_024, 2 * capacity, count + length)
    let memory = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
    if let start {
      memory.update(from: start, count: count)
      start.deallocate()
    }
    start = memory
    capacity = larger
    return memory
  }
}
