#if os(Linux)
import Dispatch
import Foundation
import Glibc
import PlystraCore
import TestSupport
import Testing

@testable import PlystraCurlTransport

@Suite("CurlTransport: signals", .timeLimit(.minutes(minutesOfAHang)))
struct CurlSignalTests {
  /// What this process does on a signal.
  private func disposition(of signal: Int32) -> UInt {
    var action = sigaction()
    _ = sigaction(signal, nil, &action)
    return withUnsafeBytes(of: action.__sigaction_handler) { $0.load(as: UInt.self) }
  }

  /// Every signal that the calling thread blocks.
  private static func blockedSignals() -> [Int32] {
    var signals = sigset_t()
    pthread_sigmask(SIG_BLOCK, nil, &signals)
    return (1...64).filter { sigismember(&signals, $0) == 1 }
  }

  /// Starts threads: one directly and 16 by Dispatch, which starts one for every queue that is busy.
  private static func signalsBlockedInNewThreads() -> (direct: [Int32]?, byDispatch: Set<Int32>) {
    let direct = Locked<[Int32]?>(nil)
    let thread = Thread { direct.withLock { $0 = blockedSignals() } }
    let isOver = DispatchSemaphore(value: 0)
    let allBegan = DispatchGroup()
    let byDispatch = Locked<Set<Int32>>([])
    for number in 0..<16 {
      allBegan.enter()
      DispatchQueue(label: "plystra.test.\(number)").async {
        byDispatch.withLock { $0.formUnion(blockedSignals()) }
        allBegan.leave()
        isOver.wait()
      }
    }
    thread.start()
    allBegan.wait()
    for _ in 0..<16 { isOver.signal() }
    while !thread.isFinished { sched_yield() }
    return (direct.withLock { $0 }, byDispatch.withLock { $0 })
  }

  @Test("A thread that a task on the executor starts blocks no signal", arguments: ["http", "https"])
  func newThreads(scheme: String) async throws {
    let closed = try ClosedPort()
    defer { withExtendedLifetime(closed) {} }
    // The thread of the pool that runs this test blocks some, and a transport's threads inherit that.
    var (none, former) = (sigset_t(), sigset_t())
    pthread_sigmask(SIG_SETMASK, &none, &former)
    let made = Result { try CurlTransport() }
    pthread_sigmask(SIG_SETMASK, &former, nil)
    let transport = try made.get()
    defer { transport.shutdown() }
    let url = scheme + closed.url.dropFirst("http".count)
    let (direct, byDispatch) = try await withTaskExecutorPreference(transport.executor) {
      for _ in 0..<2 {
        let error = try await curlFailure(of: curlRequest("GET", url), by: transport)
        #expect(error.kind == .connect)
      }
      return Self.signalsBlockedInNewThreads()
    }
    #expect(direct == [])
    // Dispatch itself blocks asynchronous signals in its threads.
    let synchronous = [SIGSEGV, SIGILL, SIGBUS, SIGFPE, SIGTRAP, SIGSYS, SIGPIPE]
    #expect(byDispatch.isDisjoint(with: synchronous))
  }

  @Test("SIGPIPE raised inside libcurl ends nothing, and the mask is restored")
  func pipeSignal() {
    let former = Self.blockedSignals()
    var signal = PipeSignal()
    signal.block()
    #expect(Self.blockedSignals().contains(SIGPIPE))
    // Were it not discarded, it would end the process when it is no longer blocked.
    raise(SIGPIPE)
    signal.unblock()
    #expect(Self.blockedSignals() == former)
  }

  @Test("What the process does on them is left alone")
  func dispositions() async throws {
    let signals = [SIGPIPE, SIGALRM]
    let server = try RawServer.script { connection in
      _ = try connection.readRequest()
      connection.reset()
    }
    defer { server.stop() }
    // URLSession's own libcurl, which other tests use at the same time, ignores SIGPIPE now and then.
    let (before, now) = try await anyOf {
      let before = signals.map(disposition)
      let transport = try CurlTransport()
      for _ in 0..<3 {
        _ = await curlResults(
          of: [curlRequest("POST", server.url, body: [UInt8](repeating: 0, count: 1 << 20))], by: transport)
      }
      transport.shutdown()
      return (before, signals.map(disposition))
    } until: {
      $0 == $1
    }
    #expect(now == before)
  }
}
#endif
