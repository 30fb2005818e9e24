import PlystraCore

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// What reaches a server's thread from outside: answers of handlers, work of their tasks, the wish to stop.
///
/// The thread sleeps in `poll`; a byte through a pipe wakes it, and only when it does sleep.
final class ServerMailbox: Sendable {
  /// A handler's answer for one of the connections.
  struct Answer: Sendable {
    let connection: ServerConnection.ID
    /// Nil closes the connection without an answer.
    let response: TransportResponse?
  }

  /// What was in the mailbox.
  struct Mail {
    var answers: [Answer] = []
    /// Partial tasks to be run on the server's thread.
    var jobs: [UnownedJob] = []
    /// Set when the server is told to stop: what is in flight may be finished until this instant.
    var stopDeadline: ContinuousClock.Instant?

    var isEmpty: Bool { answers.isEmpty && jobs.isEmpty && stopDeadline == nil }
  }

  private struct State {
    var mail = Mail()
    var isSleeping = false
    var hasEnded = false
    var awaitingEnd: [CheckedContinuation<Void, Never>] = []
  }

  /// Becomes readable when the sleeping thread is to wake up.
  let wakeDescriptor: Int32
  private let wakingEnd: Int32
  private let state = Locked(State())

  init() throws(ServerStartError) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw ServerStartError(port: 0, errorNumber: errno) }
    for end in ends {
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
    }
    wakeDescriptor = ends[0]
    wakingEnd = ends[1]
  }

  deinit {
    close(wakeDescriptor)
    close(wakingEnd)
  }

  // MARK: For everybody

  /// Brings a handler's answer.
  func deliver(_ answer: Answer) {
    put { $0.mail.answers.append(answer) }
  }

  /// Has the server stop; what is in flight may be finished until the deadline.
  func requestStop(by deadline: ContinuousClock.Instant) {
    put { $0.mail.stopDeadline = min($0.mail.stopDeadline ?? deadline, deadline) }
  }

  /// Returns when the server's thread has let go of every connection.
  func waitForEnd() async {
    await withCheckedContinuation { continuation in
      let hasEnded = state.withLock { state in
        if !state.hasEnded { state.awaitingEnd.append(continuation) }
        return state.hasEnded
      }
      if hasEnded { continuation.resume() }
    }
  }

  /// Takes on a job for the server's thread; false if the thread has ended.
  func accept(_ job: UnownedJob) -> Bool {
    put { state in
      if !state.hasEnded { state.mail.jobs.append(job) }
      return !state.hasEnded
    }
  }

  private func put<Result>(_ change: (inout State) -> Result) -> Result {
    let (result, wakes) = state.withLock { state in
      let result = change(&state)
      defer { state.isSleeping = false }
      return (result, state.isSleeping)
    }
    if wakes {
      var byte: UInt8 = 0
      // A full pipe wakes the thread as well, and its reading end stays open as long as this object lives.
      _ = write(wakingEnd, &byte, 1)
    }
    return result
  }

  // MARK: For the server's thread

  /// Whether the thread may sleep: there is no mail. From now on mail wakes it.
  func prepareToSleep() -> Bool {
    state.withLock { state in
      state.isSleeping = state.mail.isEmpty
      return state.isSleeping
    }
  }

  /// Says that the thread is awake again and will look into the mailbox by itself.
  func awoke() { state.withLock { $0.isSleeping = false } }

  /// Empties the mailbox.
  ///
  /// - Parameter mail: the mail of last time, whose memory is used again.
  func collect(into mail: inout Mail) {
    mail.answers.removeAll(keepingCapacity: true)
    mail.jobs.removeAll(keepingCapacity: true)
    mail.stopDeadline = nil
    state.withLock { swap(&mail, &$0.mail) }
  }

  /// Takes the bytes out of the pipe.
  func drainWakeUps() {
    var bytes = [UInt8](repeating: 0, count: 64)
    while read(wakeDescriptor, &bytes, bytes.count) == bytes.count {}
  }

  /// Says that the thread is about to end.
  ///
  /// - Returns: the jobs that it will not run.
  func end() -> [UnownedJob] {
    // Swapped out as a whole: with `defer { state.mail = Mail() }; return state.mail.jobs` the optimizer of Swift 6.3.1
    // releases the jobs before it retains them.
    let (mail, continuations) = state.withLock { state in
      state.hasEnded = true
      var mail = Mail()
      var continuations: [CheckedContinuation<Void, Never>] = []
      swap(&mail, &state.mail)
      swap(&continuations, &state.awaitingEnd)
      return (mail, continuations)
    }
    for continuation in continuations { continuation.resume() }
    return mail.jobs
  }
}
