import TestSupport
import Testing

@testable import PlystraCore

@Suite("A task that many tasks wait for", .timeLimit(.minutes(minutesOfAHang)))
struct SharedTaskTests {
  private let time = ManualTime()
  private let door = Door()

  /// Work that ends when the door opens.
  private func task(_ onEnd: @escaping @Sendable () -> Void = {}) -> SharedTask<Int> {
    SharedTask { [door] in
      try? await door.pass()
      onEnd()
      return 42
    }
  }

  private func wait(for task: SharedTask<Int>, seconds: Int = 100) -> Task<Int?, any Error> {
    Task { [time] in try await task.value { try await time.sleep(until: .seconds(seconds)) } }
  }

  @Test("all who wait get the result, and those who come later get it at once")
  func result() async throws {
    let task = task()
    let waiting = (0..<200).map { _ in wait(for: task) }
    try await time.untilSleeping(200)
    door.open()
    for task in waiting { #expect(try await task.value == 42) }
    #expect(try await wait(for: task).value == 42)
    #expect(try await task.value { throw CancellationError() } == 42)
  }

  @Test("one whose time has passed gets nothing, and the others still get the result")
  func timeout() async throws {
    let task = task()
    let hasty = (0..<50).map { _ in wait(for: task, seconds: 1) }
    let patient = (0..<50).map { _ in wait(for: task) }
    try await time.untilSleeping(100)
    time.advance(by: .seconds(1))
    for task in hasty { #expect(try await task.value == nil) }
    #expect(try await wait(for: task, seconds: 1).value == nil)
    door.open()
    for task in patient { #expect(try await task.value == 42) }
  }

  @Test("one who is cancelled leaves at once, and the work goes on even when all are")
  func cancellation() async throws {
    let ended = Door()
    let task = task { ended.open() }
    let waiting = (0..<50).map { _ in wait(for: task) }
    for task in waiting { task.cancel() }
    for task in waiting { await #expect(throws: CancellationError.self) { try await task.value } }
    door.open()
    try await ended.pass()
    #expect(try await wait(for: task).value == 42)
  }

  @Test("results, timeouts and cancellations that meet each other end every wait exactly once")
  func races() async throws {
    for _ in 0..<50 {
      let (time, door) = (ManualTime(), Door())
      let task = SharedTask {
        try? await door.pass()
        return 42
      }
      let waiting = (0..<20).map { _ in
        Task { try await task.value { try await time.sleep(until: .seconds(1)) } }
      }
      async let result: Void = door.open()
      async let timeout: Void = time.advance(by: .seconds(1))
      for task in waiting.prefix(10) { task.cancel() }
      _ = await (result, timeout)
      for task in waiting {
        let result = await task.result
        switch result {
        case .success(let value): #expect(value == 42 || value == nil)
        case .failure(let error): #expect(error is CancellationError)
        }
      }
    }
  }
}
