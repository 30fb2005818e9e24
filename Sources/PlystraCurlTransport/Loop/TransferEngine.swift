import CLibcurl
import PlystraCore

/// What the loop thread does: it starts transfers within the limits, drives libcurl, and ends every transfer with
/// an outcome; in between it runs the jobs of tasks that prefer this thread.
///
/// Used on the loop thread alone, hence not `Sendable`; a value, so that no access to its parts is checked at run time.
/// libcurl's callbacks run inside `multi.perform()` and touch nothing but their easy handle.
struct TransferEngine: ~Copyable {
  /// Hosts without transfers that are remembered; beyond that they are forgotten.
  private static let rememberedHosts = 64

  private let multi: MultiHandle
  private let limits: TransferLimits
  private let mailbox: LoopMailbox
  private let local: LocalQueue
  private var mail = Mailbox.Mail()
  private var ownMail: [Transfer] = []
  /// All that are waiting or under way.
  private var transfers = SlotTable<Transfer>()
  private var hosts: [String: HostQueue] = [:]
  /// The host of the last transfer: mostly that of the next one, too.
  private var lastHost: HostQueue?
  /// Hosts with both a waiting transfer and a free place.
  private var readyHosts: [HostQueue] = []
  private var deadlines = DeadlineHeap()
  private var handles: EasyHandlePool
  private var runningCount = 0
  /// Delivered at the end of a turn: a task that runs on at once may call anything.
  private var ended: [Transfer] = []
  /// Those of them that tasks of this thread wait for, and all others.
  private var ownDeliveries: [Transfer.Continuation] = []
  private var deliveries: [Transfer.Continuation] = []
  /// Nil where libcurl offers no way to close idle connections.
  private let sweeper: IdleSweeper?
  /// When the next idle connections are to be closed.
  private var sweepTime = MonotonicTime.distantFuture
  /// Whether a transfer has ended since `sweepTime` was set, and may have left a connection idle.
  private var hasEndedSome = false
  /// Whether the loop has waited since libcurl's last turn: since 8.9.0, libcurl ends TLS connections bit by bit.
  private var hasPolled = false
  /// Whether the loop has to give way to tasks that it resumed: their next requests then need not wake it.
  private var owesWay = false
  private var pipeSignal = PipeSignal()
  /// Whether any host is reached by TLS: without it, libcurl raises no SIGPIPE.
  private var usesTLS: Bool

  init(multi: MultiHandle, limits: TransferLimits, mailbox: LoopMailbox, local: LocalQueue) {
    self.multi = multi
    self.limits = limits
    self.mailbox = mailbox
    self.local = local
    usesTLS = limits.usesEnvironmentProxy || limits.network.speaksTLSToProxy
    handles = EasyHandlePool(limits: limits, multi: multi)
    sweeper = IdleSweeper(idleSeconds: limits.idleSeconds)
  }

  /// Works until the mailbox is closed.
  mutating func run() {
    while collect() { turn() }
  }

  /// Does what there is to do, without waiting for anything.
  mutating func turn() {
    local.enqueue(mail.jobs)
    local.runJobs()
    close(mail.closedConnections)
    for transfer in mail.submitted { admit(transfer) }
    admitOwn()
    if usesTLS { pipeSignal.block() }
    for transfer in mail.cancelled { leave(transfer) }
    mail.removeAll()
    startWaiting()
    if runningCount > 0 || hasPolled {
      hasPolled = false
      multi.perform()
      finishEnded()
    }
    finishOverdue()
    pipeSignal.unblock()
    deliverOutcomes()
  }

  /// Fails whatever is left, once the mailbox is closed and the thread is no longer known as the loop's.
  mutating func finish() {
    pipeSignal.block()
    for transfer in transfers.all {
      end(transfer, .failure(.shutDown(mayHaveBeenSent: transfer.mayHaveBeenSent)))
    }
    handles.removeAll()
    local.takeSubmitted(into: &ownMail)
    for transfer in mail.submitted + ownMail {
      transfer.result = .failure(.shutDown(mayHaveBeenSent: false))
      ended.append(transfer)
    }
    pipeSignal.unblock()
    deliverOutcomes()
    for job in local.takeJobs() + mail.jobs { local.runner?.passOn(job) }
  }

  // MARK: Waiting for something to do

  /// Takes in the mail; if there is nothing to do, sleeps until there is. False if the mailbox is closed.
  mutating func collect() -> Bool {
    guard readyHosts.isEmpty && local.isEmpty else {
      return !mailbox.withLock { $0.collect(into: &mail) }.isEnd
    }
    if owesWay {
      owesWay = false
      MonotonicTime.giveWay()
    }
    var step = mailbox.withLock { $0.collectOrSleep(into: &mail) }
    if case .sleep(let time) = step {
      sleep(until: time)
      step = mailbox.withLock { $0.collect(into: &mail) }
    }
    return !step.isEnd
  }

  private mutating func sleep(until end: MonotonicTime) {
    let now = MonotonicTime.now()
    // What ends meanwhile would not wake the loop any more: it has a turn first.
    if sweepIfDue(at: now) { return }
    let time = now.milliseconds(until: min(deadlines.earliest ?? .distantFuture, sweepTime, end))
    hasPolled = true
    if multi.poll(milliseconds: time) != CURLM_OK { MonotonicTime.pauseThread(milliseconds: 1) }
  }

  /// Closes the connections that have been idle for their time, which libcurl does with some versions only.
  ///
  /// - Returns: whether libcurl was given its turn for that, in which other transfers may have ended.
  private mutating func sweepIfDue(at now: MonotonicTime) -> Bool {
    // libcurl counts whole seconds.
    let seconds = limits.idleSeconds + 1
    if hasEndedSome && sweepTime == .distantFuture {
      hasEndedSome = false
      sweepTime = now.advanced(bySeconds: seconds)
    }
    guard sweepTime <= now else { return false }
    sweepTime = multi.connections.closeIdle(forSeconds: seconds, at: now)
    guard let sweeper else { return false }
    pipeSignal.block()
    multi.sweep(sweeper)
    pipeSignal.unblock()
    return true
  }

  // MARK: Starting

  private mutating func admitOwn() {
    guard local.hasSubmitted else { return }
    local.takeSubmitted(into: &ownMail)
    for transfer in ownMail {
      transfer.isLocal = true
      admit(transfer)
    }
    ownMail.removeAll(keepingCapacity: true)
  }

  private mutating func admit(_ transfer: Transfer) {
    let host = host(of: transfer.origin)
    transfer.host = host
    transfer.slot = transfers.insert(transfer)
    deadlines.insert(slot: transfer.slot, deadline: transfer.deadline)
    host.enqueue(transfer)
    listIfReady(host)
  }

  private mutating func host(of origin: RequestOrigin) -> HostQueue {
    if let lastHost, origin.isWritten(lastHost.origin) { return lastHost }
    let text = origin.text
    let host = hosts[text] ?? HostQueue(origin: text)
    if !origin.isPlain { usesTLS = true }
    hosts[text] = host
    lastHost = host
    return host
  }

  private mutating func listIfReady(_ host: HostQueue) {
    guard !host.isListed && host.hasWaiting && host.runningCount < limits.connectionsPerHost else { return }
    host.isListed = true
    readyHosts.append(host)
  }

  private mutating func startWaiting() {
    guard !readyHosts.isEmpty else { return }
    let now = MonotonicTime.now()
    for host in readyHosts {
      // Listed until it has no place or nobody left to start: a transfer that fails to start lists nothing anew.
      while host.runningCount < limits.connectionsPerHost, let transfer = host.dequeue() {
        start(transfer, at: now)
      }
      host.isListed = false
    }
    readyHosts.removeAll(keepingCapacity: true)
  }

  private mutating func start(_ transfer: Transfer, at now: MonotonicTime) {
    // Cancelled while it waited: nothing is sent, even if the word of it has not been read yet. A connection may also have
    // been closed since the mail was read, before this transfer was asked for by a task of this thread.
    let (isAwaited, closed) = mailbox.withLock { (transfer.isAwaited, $0.takeClosedConnections()) }
    close(closed)
    guard isAwaited else { return leave(transfer) }
    guard transfer.deadline > now else { return end(transfer, .failure(transfer.timeoutError)) }
    do throws(TransportError) {
      let handle = try handles.take()
      let time = min(now.milliseconds(until: transfer.deadline), limits.connectTimeout)
      try handle.prepare(for: transfer, connectTimeout: time)
      let code = multi.add(handle)
      guard code == CURLM_OK else {
        throw .other(String(cString: curl_multi_strerror(code)))
      }
      transfer.start(on: handle)
      runningCount += 1
    } catch {
      end(transfer, .failure(error))
    }
  }

  /// Starts a transfer once more that was kept from the connection which libcurl had chosen, on a new one: libcurl itself
  /// would try one idle connection after another, and give up after five.
  ///
  /// - Returns: whether the transfer goes on.
  private func startAgain(_ handle: EasyHandle) -> Bool {
    guard handle.mayStartAgain else { return false }
    multi.remove(handle)
    do throws(TransportError) {
      try handle.prepareAgain()
    } catch {
      return false
    }
    return multi.add(handle) == CURLM_OK
  }

  private func close(_ connectionIDs: [UInt64]) {
    for id in connectionIDs { multi.connections.close(id) }
  }

  // MARK: Ending

  private mutating func finishEnded() {
    while let (handle, code) = multi.nextEnded() {
      guard let transfer = handle.transfer, !startAgain(handle) else { continue }
      end(transfer, handle.outcome(of: code))
    }
  }

  private mutating func finishOverdue() {
    guard let earliest = deadlines.earliest else { return }
    let now = MonotonicTime.now()
    guard earliest <= now else { return }
    while let slot = deadlines.first(dueAt: now), let transfer = transfers[slot] {
      let use = transfer.connectionUse
      end(transfer, .failure(transfer.timeoutError))
      // Over HTTP/2, libcurl ends the stream alone, and the next request would go to the same dead connection.
      if let use { multi.connections.closeIfSilent(use) }
    }
  }

  private mutating func end(_ transfer: Transfer, _ outcome: consuming Transfer.Outcome) {
    leave(transfer)
    transfer.result = consume outcome
    ended.append(transfer)
  }

  /// Takes a transfer out of everything that knows it, whatever its stage; does nothing with one that has ended.
  private mutating func leave(_ transfer: Transfer) {
    guard let host = transfer.host else { return }
    deadlines.remove(slot: transfer.slot)
    transfers.remove(at: transfer.slot)
    if let handle = transfer.leaveStage() {
      multi.remove(handle)
      hasEndedSome = true
      runningCount -= 1
      handles.put(handle)
    }
    transfer.host = nil
    listIfReady(host)
    if host.isIdle && hosts.count > Self.rememberedHosts { hosts[host.origin] = nil }
  }

  private mutating func deliverOutcomes() {
    guard !ended.isEmpty else { return }
    mailbox.withLock { mailbox in
      for transfer in ended {
        guard let continuation = mailbox.deliver(transfer) else { continue }
        if transfer.isLocal { ownDeliveries.append(continuation) } else { deliveries.append(continuation) }
      }
    }
    ended.removeAll(keepingCapacity: true)
    Self.resume(&ownDeliveries)
    owesWay = owesWay || !deliveries.isEmpty
    Self.resume(&deliveries)
  }

  private static func resume(_ deliveries: inout [Transfer.Continuation]) {
    for continuation in deliveries { continuation.resume() }
    deliveries.removeAll(keepingCapacity: true)
  }
}
