import CLibcurl
import PlystraCore

/// What the loop thread does: it starts transfers within the limits, drives libcurl, and ends every transfer with
/// an outcome.
///
/// Made, used and let go of on the loop thread alone, hence not `Sendable`. libcurl's callbacks run inside
/// `multi.perform()` and touch nothing but the easy handle they belong to.
final class TransferEngine {
  /// Hosts without transfers that are remembered; beyond that they are forgotten.
  private static let rememberedHosts = 64

  private let multi: MultiHandle
  private let limits: TransferLimits
  private var exchanges = SlotTable<Exchange>()
  private var hosts: [String: HostQueue] = [:]
  /// Hosts with both a waiting exchange and a free place.
  private var readyHosts: [HostQueue] = []
  private var deadlines = DeadlineHeap()
  private var handles: EasyHandlePool
  private var runningCount = 0
  /// Delivered at the end of a turn: a task that runs on at once may call anything.
  private var outcomes: [(transfer: Transfer, outcome: Transfer.Outcome)] = []

  init(multi: MultiHandle, limits: TransferLimits) {
    self.multi = multi
    self.limits = limits
    handles = EasyHandlePool(limits: limits)
  }

  /// Works until the mailbox is closed; then fails whatever is left.
  func run(_ mailbox: Locked<Mailbox>) {
    var mail = Mailbox.Mail()
    while collect(&mail, from: mailbox) {
      for transfer in mail.submitted { admit(transfer) }
      for cancellation in mail.cancelled { abandon(cancellation) }
      mail.removeAll()
      startWaiting()
      if runningCount > 0 {
        multi.perform()
        finishEnded()
      }
      finishOverdue()
      deliverOutcomes()
    }
    for transfer in mail.submitted { transfer.deliver(.failure(.shutDown(mayHaveBeenSent: false))) }
    failAll()
  }

  // MARK: Waiting for something to do

  private func collect(_ mail: inout Mailbox.Mail, from mailbox: Locked<Mailbox>) -> Bool {
    let mayNotSleep = !readyHosts.isEmpty
    var step = mailbox.withLock {
      mayNotSleep ? $0.collect(into: &mail) : $0.collectOrSleep(into: &mail)
    }
    if step == .sleep {
      sleep()
      step = mailbox.withLock { $0.collect(into: &mail) }
    }
    return step != .end
  }

  private func sleep() {
    let time = deadlines.earliest.map { MonotonicTime.now().milliseconds(until: $0) } ?? .max
    if multi.poll(milliseconds: time) != CURLM_OK { MonotonicTime.pauseThread(milliseconds: 1) }
  }

  // MARK: Starting

  private func admit(_ transfer: Transfer) {
    let slot = exchanges.freeSlot
    guard transfer.adopt(slot: slot) else { return }
    let host = hosts[transfer.origin] ?? remember(HostQueue(origin: transfer.origin))
    let exchange = Exchange(transfer, host: host, slot: slot)
    exchanges.insert(exchange, at: slot)
    deadlines.insert(exchange)
    host.enqueue(exchange)
    listIfReady(host)
  }

  private func remember(_ host: HostQueue) -> HostQueue {
    hosts[host.origin] = host
    return host
  }

  private func listIfReady(_ host: HostQueue) {
    guard !host.isListed && host.hasWaiting && host.runningCount < limits.connectionsPerHost else { return }
    host.isListed = true
    readyHosts.append(host)
  }

  private func startWaiting() {
    guard !readyHosts.isEmpty else { return }
    let now = MonotonicTime.now()
    for host in readyHosts {
      // Listed until it has no place or nobody left to start: an exchange that fails to start lists nothing anew.
      while host.runningCount < limits.connectionsPerHost, let exchange = host.dequeue() {
        start(exchange, at: now)
      }
      host.isListed = false
    }
    readyHosts.removeAll(keepingCapacity: true)
  }

  private func start(_ exchange: Exchange, at now: MonotonicTime) {
    let transfer = exchange.transfer
    // Cancelled while it waited: nothing is sent, even if the word of it has not been read yet.
    guard transfer.isAwaited else { return leave(exchange) }
    guard transfer.deadline > now else { return end(exchange, .failure(exchange.timeoutError)) }
    do throws(TransportError) {
      let handle = try handles.take()
      let time = min(now.milliseconds(until: transfer.deadline), limits.connectTimeout)
      try handle.prepare(for: transfer.request, connectTimeout: time)
      let code = multi.add(handle)
      guard code == CURLM_OK else {
        throw .other(String(cString: curl_multi_strerror(code)))
      }
      exchange.begin(on: handle)
      runningCount += 1
    } catch {
      end(exchange, .failure(error))
    }
  }

  // MARK: Ending

  private func finishEnded() {
    while let (handle, code) = multi.nextEnded() {
      guard let exchange = handle.exchange else { continue }
      end(exchange, handle.outcome(of: code))
    }
  }

  private func finishOverdue() {
    guard let earliest = deadlines.earliest else { return }
    let now = MonotonicTime.now()
    guard earliest <= now else { return }
    while let exchange = deadlines.first(dueAt: now) {
      end(exchange, .failure(exchange.timeoutError))
    }
  }

  private func abandon(_ cancellation: Mailbox.Cancellation) {
    // The transfer may have ended meanwhile, and its slot may hold another one.
    guard let exchange = exchanges[cancellation.slot], exchange.transfer === cancellation.transfer else {
      return
    }
    leave(exchange)
  }

  private func failAll() {
    for exchange in exchanges.all {
      end(exchange, .failure(.shutDown(mayHaveBeenSent: exchange.mayHaveBeenSent)))
    }
    deliverOutcomes()
    handles.removeAll()
  }

  private func end(_ exchange: Exchange, _ outcome: Transfer.Outcome) {
    leave(exchange)
    outcomes.append((exchange.transfer, outcome))
  }

  /// Takes an exchange out of everything that knows it, whatever its stage.
  private func leave(_ exchange: Exchange) {
    exchanges.remove(at: exchange.slot)
    deadlines.remove(exchange)
    if let handle = exchange.leaveStage() {
      multi.remove(handle)
      runningCount -= 1
      handles.put(handle)
    }
    let host = exchange.host
    listIfReady(host)
    if host.isIdle && hosts.count > Self.rememberedHosts { hosts[host.origin] = nil }
  }

  private func deliverOutcomes() {
    for (transfer, outcome) in outcomes { transfer.deliver(outcome) }
    outcomes.removeAll(keepingCapacity: true)
  }
}
