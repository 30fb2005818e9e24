import PlystraCore

/// The loops of a transport.
struct LoopGroup: Sendable {
  private let loops: [CurlLoop]
  private let turn = Locked(0)

  /// Starts the threads.
  init(count: Int, limits: TransferLimits) throws {
    var started: [CurlLoop] = []
    do {
      for number in 0..<count {
        started.append(try CurlLoop(limits: limits.share(of: number, in: count)))
      }
    } catch {
      Self.shutDown(started)
      throw error
    }
    loops = started
  }

  /// The loop of the calling thread if it is one of these, else each in its turn.
  func next() -> CurlLoop {
    guard loops.count > 1 else { return loops[0] }
    if let own = loops.first(where: \.isCurrent) { return own }
    return loops[
      turn.withLock { turn in
        turn = (turn + 1) % loops.count
        return turn
      }]
  }

  /// Has jobs that the loops accept run by this; to be called once, before there are any.
  func setRunner(_ runner: any JobRunner) {
    for loop in loops { loop.setRunner(runner) }
  }

  /// Has a connection closed by the loop that has it.
  func closeConnection(_ id: UInt64) {
    for loop in loops { loop.closeConnection(id) }
  }

  /// Shuts all of them down at once; their threads end by themselves.
  func shutDown() { Self.shutDown(loops) }

  /// Shuts all of them down when their requests have ended, or when the time is over, and waits for their threads to end.
  nonisolated(nonsending) func drain(within time: Duration) async {
    let end = MonotonicTime.now().advanced(by: time)
    for loop in loops { loop.drain(until: end) }
    for loop in loops { await loop.threadEnd.wait() }
  }

  private static func shutDown(_ loops: [CurlLoop]) {
    for loop in loops { loop.close() }
  }
}
