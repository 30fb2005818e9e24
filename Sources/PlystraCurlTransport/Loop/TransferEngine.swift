import CLibcurl
import PlystraCore

/// What the loop thread does: it starts transfers within the limits, drives libcurl, and ends every transfer with
/// an outcome; in between it runs the jobs of tasks that prefer this thread.
///
/// Used on the loop thread alone, hence not `Sendable`; a value, so that no access to its parts is checked at run time.
/// libcurl's callbacks run inside `multi.perform()` and touch nothing but their easy handle and the table of connections.
struct TransferEngine: ~Copyable {
  private let multi: MultiHandle
  private let limits: TransferLimits
  private let mailbox: LoopMailbox
  private let local: LocalQueue
  private var mail = Mailbox.Mail()
  private var ownMail: [Transfer] = []
  /// All that are waiting or under way.
  private var transfers = SlotTable<LoopTransfer>()
  private var hosts = HostTable()
  /// Hosts that can start a transfer.
  private var readyHosts: [Int] = []
  private var deadlines = DeadlineHeap()
  private var handles: EasyHandlePool
  private var runningCount = 0
  private var deliveries = Deliveries()
  private var sweep: IdleSweep
  /// Whether the loop has waited since libcurl's last turn: since 8.9.0, libcurl ends TLS connections bit by bit.
  private var hasPolled = false
  /// Whether tasks of other threads were resumed since the loop last yielded to them: their next requests then need not wake
  /// it (0.72 before and 0.79 after, of plain C at 16 in flight on one core).
  private var hasResumedOthers = false
  /// Whether transfers beyond the number of connections are started over HTTP/2: only where the connections are known.
  private let sharesConnections: Bool
  private var pipeSignal = PipeSignal()
  /// Whether any host is reached by TLS: without it, libcurl raises no SIGPIPE.
  private var usesTLS: Bool

  init(multi: MultiHandle, limits: TransferLimits, mailbox: LoopMailbox, local: LocalQueue) {
    self.multi = multi
    self.limits = limits
    self.mailbox = mailbox
    self.local = local
    sharesConnections = limits.network.unixSocketPath == nil && plystra_passes_request_gates()
    usesTLS = limits.usesEnvironmentProxy || limits.network.speaksTLSToProxy
    handles = EasyHandlePool(limits: limits, multi: multi)
    sweep = IdleSweep(idleSeconds: limits.idleSeconds)
  }

  /// Works until the mailbox is closed.
  mutating func run() {
    while collect() { turn() }
  }

  /// Does what there is to do, without waiting for anything.
  mutating func turn() {
    local.enqueue(mail.jobs)
    local.runJobs()
    follow(mail.orders)
    for transfer in mail.submitted { admit(transfer) }
    admitOwn()
    if usesTLS { pipeSignal.block() }
    for transfer in mail.cancelled { leave(transfer.slot) }
    mail.removeAll()
    startWaiting()
    if runningCount > 0 || hasPolled {
      hasPolled = false
      multi.perform()
      finishEnded()
      if multi.connections.takeFirstUse() {
        for host in hosts.allSlots { listIfReady(host) }
      }
    }
    finishOverdue()
    pipeSignal.unblock()
    if deliveries.deliver(through: mailbox) { hasResumedOthers = true }
  }

  /// Fails whatever is left, once the mailbox is closed and the thread is no longer known as the loop's.
  mutating func finish() {
    pipeSignal.block()
    for transfer in mail.submitted { admit(transfer) }
    admitOwn()
    for transfer in transfers.all {
      end(transfer.transfer.slot, .failure(.shutDown(mayHaveBeenSent: transfer.mayHaveBeenSent)))
    }
    handles.removeAll()
    follow(mail.orders)
    pipeSignal.unblock()
    _ = deliveries.deliver(through: mailbox)
    for job in local.takeJobs() + mail.jobs { local.runner?.passOn(job) }
  }

  // MARK: Waiting for something to do

  /// Takes in the mail; if there is nothing to do, sleeps until there is. False if the mailbox is closed.
  mutating func collect() -> Bool {
    guard readyHosts.isEmpty && local.isEmpty else {
      return !mailbox.withLock { $0.collect(into: &mail) }.isEnd
    }
    if hasResumedOthers {
      hasResumedOthers = false
      LoopThread.yield()
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
    if sweep.runIfDue(at: now, multi) { return }
    let time = now.milliseconds(until: min(deadlines.earliest ?? .distantFuture, sweep.time, end))
    hasPolled = true
    if multi.poll(milliseconds: time) != CURLM_OK { MonotonicTime.pauseThread(milliseconds: 1) }
  }

  // MARK: Starting

  private mutating func admitOwn() {
    guard local.hasSubmitted else { return }
    local.takeSubmitted(into: &ownMail)
    for transfer in ownMail { admit(transfer, isLocal: true) }
    ownMail.removeAll(keepingCapacity: true)
  }

  private mutating func admit(_ transfer: Transfer, isLocal: Bool = false) {
    if !transfer.origin.isPlain { usesTLS = true }
    let host = hosts.slot(for: transfer.origin)
    let slot = transfers.insert(
      LoopTransfer(transfer: transfer, host: host, isLocal: isLocal, stage: .starting))
    transfer.slot = slot
    transfers[existing: slot].stage = .waiting(ticket: hosts[host].enqueue(slot: slot))
    deadlines.insert(slot: slot, deadline: transfer.deadline)
    listIfReady(host)
  }

  private mutating func listIfReady(_ host: Int) {
    guard !hosts[host].isListed && canStart(host) else { return }
    hosts[host].isListed = true
    readyHosts.append(host)
  }

  /// Whether a transfer to a host waits, and has a place.
  private func canStart(_ host: Int) -> Bool {
    let host = hosts[host]
    return host.canStart(
      limit: host.speaksHTTP2 == true && sharesConnections
        ? multi.connections.streamLimit(of: host.origin, maximum: limits.connectionsPerHost)
        : limits.connectionsPerHost)
  }

  private mutating func startWaiting() {
    guard !readyHosts.isEmpty else { return }
    let now = MonotonicTime.now()
    for host in readyHosts {
      // Listed until it has no place or nobody left to start: a transfer that fails to start lists nothing anew.
      while canStart(host), let slot = hosts[host].dequeue() {
        start(slot, at: now)
      }
      hosts[host].isListed = false
      hosts.forgetIfIdle(host)
    }
    readyHosts.removeAll(keepingCapacity: true)
  }

  private mutating func start(_ slot: Int, at now: MonotonicTime) {
    transfers[existing: slot].stage = .starting
    let waiting = transfers[existing: slot]
    let transfer = waiting.transfer
    // Cancelled while it waited: nothing is sent, even if the word of it has not been read yet. A connection may also have
    // been closed since the mail was read, before this transfer was asked for by a task of this thread.
    let (isAwaited, orders) = mailbox.withLock { (transfer.isAwaited, $0.takeOrders()) }
    follow(orders)
    guard isAwaited else { return leave(slot) }
    guard transfer.deadline > now else { return end(slot, .failure(waiting.timeoutError)) }
    if hosts[waiting.host].hasOldConnections(at: now, maximumSeconds: limits.maximumAgeSeconds) {
      useNewConnections(to: waiting.host)
    }
    do throws(TransportError) {
      let handle = try handles.take()
      let time = min(now.milliseconds(until: transfer.deadline), limits.connectTimeout)
      try handle.prepare(for: transfer, to: hosts[waiting.host], connectTimeout: time)
      let code = multi.add(handle)
      guard code == CURLM_OK else {
        throw .other(String(cString: curl_multi_strerror(code)))
      }
      handle.transferSlot = slot
      transfers[existing: slot].stage = .running(handle, since: now)
      hosts[waiting.host].didStart(at: now)
      runningCount += 1
    } catch {
      end(slot, .failure(error))
    }
  }

  // MARK: Orders

  private mutating func follow(_ orders: [LoopOrder]) {
    for order in orders {
      switch order {
      case .closeConnection(let id): multi.connections.close(id)
      case .reload(let material):
        handles.reload(material)
        for host in hosts.allSlots { useNewConnections(to: host) }
      case .report(let continuation): continuation.resume(returning: hosts.statistics(multi.connections))
      }
    }
  }

  /// Has the next transfers to a host use none of its present connections, while those under way finish.
  private mutating func useNewConnections(to host: Int) {
    hosts.beginGeneration(of: host)
    multi.connections.retire(hosts[host].origin)
  }

  // MARK: Ending

  private mutating func finishEnded() {
    while let (handle, code) = multi.nextEnded() {
      guard let slot = handle.transferSlot, !multi.startAgain(handle) else { continue }
      let outcome = handle.outcome(of: code)
      if case .response(let head, _) = outcome, let speaksHTTP2 = head.speaksHTTP2 {
        hosts[transfers[existing: slot].host].didReceive(overHTTP2: speaksHTTP2)
      }
      end(slot, outcome)
    }
  }

  private mutating func finishOverdue() {
    guard let earliest = deadlines.earliest else { return }
    let now = MonotonicTime.now()
    guard earliest <= now else { return }
    while let slot = deadlines.first(dueAt: now), let transfer = transfers[slot] {
      // Over HTTP/2, libcurl ends the stream alone, and the next request would go to the same dead connection.
      let isDead = transfer.connectionUse.map(multi.connections.isSilent) == true
      end(slot, .failure(transfer.timeoutError))
      if isDead { useNewConnections(to: transfer.host) }
    }
  }

  private mutating func end(_ slot: Int?, _ outcome: consuming Transfer.Outcome) {
    guard let slot, let transfer = transfers[slot] else { return }
    if transfer.transfer.request.collectsMetrics { outcome.add(transfer.metrics(at: .now())) }
    leave(slot)
    deliveries.add(transfer, outcome)
  }

  /// Takes a transfer out of everything that knows it, whatever its stage; does nothing with one that has ended.
  private mutating func leave(_ slot: Int?) {
    guard let slot, let transfer = transfers.remove(at: slot) else { return }
    transfer.transfer.slot = nil
    deadlines.remove(slot: slot)
    switch transfer.stage {
    case .waiting(let ticket): hosts[transfer.host].withdraw(ticket: ticket)
    case .starting: break
    case .running(let handle, _):
      handle.transferSlot = nil
      hosts[transfer.host].didEnd()
      multi.remove(handle)
      sweep.hasIdleConnections = true
      runningCount -= 1
      handles.put(handle)
    }
    listIfReady(transfer.host)
    hosts.forgetIfIdle(transfer.host)
  }
}
