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

  /// The requests under way and waiting.
  var load: Int { loops.reduce(0) { $0 + $1.load } }

  /// The loop for a request: that of the calling thread unless it has no connection to spare, else the one with the
  /// fewest requests.
  func forRequest() -> CurlLoop {
    guard loops.count > 1 else { return loops[0] }
    guard let own = loops.first(where: \.isCurrent) else { return leastLoaded() }
    let load = own.load
    guard load >= own.connectionsPerHost else { return own }
    let other = leastLoaded()
    return other.load < load ? other : own
  }

  /// The loop for a job: that of the calling thread, else the one with the fewest requests.
  func forJob() -> CurlLoop {
    guard loops.count > 1 else { return loops[0] }
    return loops.first(where: \.isCurrent) ?? leastLoaded()
  }

  /// Among equals, each in its turn.
  private func leastLoaded() -> CurlLoop {
    let first = turn.withLock { turn in
      turn = (turn + 1) % loops.count
      return turn
    }
    var (least, leastLoad) = (loops[first], loops[first].load)
    for distance in 1..<loops.count where leastLoad > 0 {
      let loop = loops[(first + distance) % loops.count]
      let load = loop.load
      if load < leastLoad { (least, leastLoad) = (loop, load) }
    }
    return least
  }

  /// Has jobs that the loops accept run by this; to be called once, before there are any.
  func setRunner(_ runner: any JobRunner) {
    for loop in loops { loop.setRunner(runner) }
  }

  /// Has a connection closed by the loop that has it.
  func closeConnection(_ id: UInt64) {
    for loop in loops { loop.closeConnection(id) }
  }

  /// Has new connections of all loops use these certificates.
  func reload(_ material: TLSMaterial) {
    for loop in loops { loop.reload(material) }
  }

  nonisolated(nonsending) func statistics() async -> CurlTransport.Statistics {
    var hosts: [CurlTransport.Statistics.Host] = []
    for loop in loops { hosts += await loop.report() }
    return CurlTransport.Statistics(hosts)
  }

  /// Opens connections, as many on one loop as on another.
  ///
  /// - Parameter transfer: makes a transfer that opens a connection of its own, or uses one that there is.
  nonisolated(nonsending) func warmUp(
    connections: Int, with transfer: @escaping @Sendable (_ opensConnection: Bool) throws -> Transfer
  ) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for (number, loop) in loops.enumerated() {
        let share = connections / loops.count + (number < connections % loops.count ? 1 : 0)
        if share > 0 { group.addTask { try await loop.warmUp(connections: share, with: transfer) } }
      }
      try await group.waitForAll()
    }
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
