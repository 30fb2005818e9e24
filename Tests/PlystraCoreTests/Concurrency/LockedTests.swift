import PlystraCore
import Testing

@Suite("Locked values")
struct LockedTests {
  @Test("no change is lost under contention")
  func contention() async {
    let counter = Locked([Int](repeating: 0, count: 4))
    await withTaskGroup(of: Void.self) { group in
      for task in 0..<16 {
        group.addTask {
          for _ in 0..<5_000 {
            counter.withLock { values in
              let next = values[task % 4] + 1
              values[task % 4] = next
            }
          }
        }
      }
    }
    #expect(counter.withLock { $0 } == [20_000, 20_000, 20_000, 20_000])
  }

  @Test("the lock is given back when the closure throws, whose result and error come out")
  func throwing() throws {
    struct Failure: Error {}
    let value = Locked(1)
    #expect(throws: Failure.self) {
      try value.withLock { value in
        value = 2
        throw Failure()
      }
    }
    #expect(value.withLock { $0 + 40 } == 42)
  }

  @Test("the value is not printed")
  func printing() {
    let value = Locked("hidden")
    #expect(!leaks(value, "hidden"))
    #expect(value.description == "Locked(…)")
  }

  @Test("the value is released with its lock")
  func release() {
    final class Token: Sendable {}
    weak var token: Token?
    do {
      let strong = Token()
      token = strong
      let locked = Locked(strong)
      #expect(locked.withLock { $0 } === token)
    }
    #expect(token == nil)
  }
}
