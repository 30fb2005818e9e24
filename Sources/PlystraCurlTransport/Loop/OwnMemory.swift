/// A value at an address of its own, which ends with its owner.
///
/// For the parts of an object that are touched for every request: no access to them is checked at run time, as one to a
/// stored property is. The owner sees to it that each access is over before the next begins, and says how.
struct OwnMemory<Value>: ~Copyable {
  let pointer: UnsafeMutablePointer<Value>

  init(_ value: consuming Value) {
    pointer = .allocate(capacity: 1)
    pointer.initialize(to: value)
  }

  deinit {
    pointer.deinitialize(count: 1)
    pointer.deallocate()
  }
}
