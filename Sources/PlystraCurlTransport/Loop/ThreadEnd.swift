import PlystraCore

/// The end of a loop's thread, for which tasks wait without blocking a thread.
struct ThreadEnd: Sendable {
  private struct State: Sendable {
    var isOver = false
    var waiting: [UnsafeContinuation<Void, Never>] = []
  }

  private let state = Locked(State())

  /// Returns once the thread has released everything it had.
  nonisolated(nonsending) func wait() async {
    await withUnsafeContinuation { continuation in
      let isOver = state.withLock { state in
        if !state.isOver { state.waiting.append(continuation) }
        return state.isOver
      }
      if isOver { continuation.resume() }
    }
  }

  /// Resumes the tasks that wait; the last thing that the thread does.
  func announce() {
    let waiting = state.withLock { state in
      state.isOver = true
      var waiting: [UnsafeContinuation<Void, Never>] = []
      swap(&waiting, &state.waiting)
      return waiting
    }
    for continuation in waiting { continuation.resume() }
  }
}
