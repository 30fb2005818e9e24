import PlystraCore

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A server's thread: waits with `poll` for all its connections at once and does what each of them needs.
///
/// Made and used on that one thread; everything that comes from elsewhere goes through the mailbox.
final class ServerLoop {
  typealias Instant = ContinuousClock.Instant

  private let listener: ServerSocket
  private let ownAuthority: String
  private let limits: ServerLimits
  private let mailbox: ServerMailbox
  private let runner: HandlerRunner
  private let clock = ContinuousClock()

  /// What is polled: the mailbox, the listener, then one place for each slot of `connections`.
  private var polled: [pollfd]
  private var connections: [ServerConnection?] = []
  private var freeSlots: [Int] = []
  private var connectionCount = 0
  private var lastSerial = 0
  private var acceptsAgain: Instant?
  private var stopDeadline: Instant?
  /// No deadline is earlier than this.
  private var nextDeadline: Instant?

  private var mail = ServerMailbox.Mail()
  private var writer = HTTPResponseWriter()
  private var buffer = [UInt8](repeating: 0, count: 64 << 10)

  private static let mailboxPlace = 0
  private static let listenerPlace = 1
  private static let firstPlace = 2

  init(listener: ServerSocket, mailbox: ServerMailbox, handler: ServerHandler, limits: ServerLimits) {
    self.listener = listener
    self.mailbox = mailbox
    self.limits = limits
    ownAuthority = "127.0.0.1:\(listener.localPort)"
    runner = HandlerRunner(handler: handler, mailbox: mailbox)
    polled = [
      pollfd(fd: mailbox.wakeDescriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: listener.descriptor, events: Int16(POLLIN), revents: 0),
    ]
  }

  /// Serves until the mailbox says to stop and every connection has ended.
  func run() {
    while stopDeadline == nil || connectionCount > 0 {
      let ready = waitForEvents()
      let now = clock.now
      if ready > 0 { handleEvents(ready, now) }
      handleMail(now)
      handleDeadlines(now)
    }
    runner.finish(mailbox.end())
  }

  // MARK: Waiting

  private func waitForEvents() -> Int32 {
    var timeout: Int32 = 0
    if mailbox.prepareToSleep() {
      timeout = nextDeadline.map { milliseconds(until: $0) } ?? -1
    }
    defer { mailbox.awoke() }
    return poll(&polled, nfds_t(polled.count), timeout)
  }

  /// Rounded up, so that the deadline has passed when the time is over.
  private func milliseconds(until instant: Instant) -> Int32 {
    let parts = clock.now.duration(to: instant).components
    return Int32(clamping: max(0, parts.seconds * 1000 + parts.attoseconds / 1_000_000_000_000_000 + 1))
  }

  private func expectDeadline(_ deadline: Instant?) {
    guard let deadline else { return }
    nextDeadline = min(nextDeadline ?? deadline, deadline)
  }

  // MARK: Events

  private func handleEvents(_ count: Int32, _ now: Instant) {
    var left = count
    if polled[Self.mailboxPlace].revents != 0 {
      mailbox.drainWakeUps()
      left -= 1
    }
    // Connections first: places added by new ones have no events yet.
    let mayAccept = polled[Self.listenerPlace].revents != 0
    if mayAccept { left -= 1 }
    var place = Self.firstPlace
    while left > 0, place < polled.count {
      let events = polled[place].revents
      if events != 0 {
        left -= 1
        if let connection = connections[place - Self.firstPlace] { handle(events, of: connection, now) }
      }
      place += 1
    }
    if mayAccept { acceptConnections(now) }
  }

  private func handle(_ events: Int16, of connection: ServerConnection, _ now: Instant) {
    if events & Int16(POLLOUT) != 0 {
      perform(connection.becameWritable(writer: &writer, now: now), for: connection, now)
    }
    guard isOpen(connection.id), events & Int16(POLLIN | POLLHUP | POLLERR | POLLNVAL) != 0 else { return }
    if events & Int16(POLLERR | POLLNVAL) != 0 { return close(connection) }
    perform(connection.becameReadable(&buffer, writer: &writer, now: now), for: connection, now)
    if events & Int16(POLLHUP) != 0, isOpen(connection.id), polledEvents(of: connection) == 0 {
      // The system goes on reporting the end of a connection whose answer is awaited: look away until then.
      polled[connection.id.slot + Self.firstPlace].fd = -1
    }
  }

  private func handleMail(_ now: Instant) {
    // Running a job may bring an answer, an answer a further job; sockets are not kept waiting for long.
    for _ in 0..<16 {
      mailbox.collect(into: &mail)
      if mail.isEmpty { return }
      for job in mail.jobs { runner.run(job) }
      for answer in mail.answers where isOpen(answer.connection) {
        guard let connection = connections[answer.connection.slot] else { continue }
        perform(connection.answer(answer.response, writer: &writer, now: now), for: connection, now)
      }
      if let deadline = mail.stopDeadline { stop(by: deadline, now) }
    }
  }

  private func handleDeadlines(_ now: Instant) {
    guard let nextDeadline, nextDeadline <= now else { return }
    self.nextDeadline = nil
    if let stopDeadline {
      if stopDeadline <= now { return closeAll() }
      expectDeadline(stopDeadline)
    }
    if let acceptsAgain {
      if acceptsAgain <= now {
        self.acceptsAgain = nil
        listenIfPossible()
      } else {
        expectDeadline(acceptsAgain)
      }
    }
    for case let connection? in connections {
      guard let deadline = connection.deadline else { continue }
      if deadline <= now {
        perform(connection.timedOut(writer: &writer, now: now), for: connection, now)
      } else {
        expectDeadline(deadline)
      }
    }
  }

  // MARK: Connections

  private func acceptConnections(_ now: Instant) {
    while stopDeadline == nil, connectionCount < limits.maximumConnections {
      switch listener.accept() {
      case .nothing: return
      case .exhausted:
        acceptsAgain = now + .milliseconds(100)
        expectDeadline(acceptsAgain)
        return listenIfPossible()
      case .connection(let socket, let remoteAddress): add(socket, remoteAddress, now)
      }
    }
    listenIfPossible()
  }

  /// Polls the listener only while a further connection can be taken.
  private func listenIfPossible() {
    let can = stopDeadline == nil && acceptsAgain == nil && connectionCount < limits.maximumConnections
    polled[Self.listenerPlace].fd = can ? listener.descriptor : -1
  }

  private func add(_ socket: ServerSocket, _ remoteAddress: String, _ now: Instant) {
    let slot = freeSlots.popLast() ?? connections.count
    lastSerial += 1
    let connection = ServerConnection(
      id: .init(slot: slot, serial: lastSerial), socket: socket, remoteAddress: remoteAddress,
      ownAuthority: ownAuthority, limits: limits, now: now)
    let entry = pollfd(fd: socket.descriptor, events: connection.interest, revents: 0)
    if slot == connections.count {
      connections.append(connection)
      polled.append(entry)
    } else {
      connections[slot] = connection
      polled[slot + Self.firstPlace] = entry
    }
    connectionCount += 1
    expectDeadline(connection.deadline)
  }

  private func perform(_ step: ServerConnection.Step, for connection: ServerConnection, _ now: Instant) {
    switch step {
    case .close: return close(connection)
    case .handle(let request): connection.task = runner.start(request, for: connection)
    case .wait: break
    }
    let place = connection.id.slot + Self.firstPlace
    polled[place].fd = connection.socket.descriptor
    polled[place].events = connection.interest
    expectDeadline(connection.deadline)
  }

  private func close(_ connection: ServerConnection) {
    connection.task?.cancel()
    connection.socket.close()
    connections[connection.id.slot] = nil
    polled[connection.id.slot + Self.firstPlace] = pollfd(fd: -1, events: 0, revents: 0)
    freeSlots.append(connection.id.slot)
    connectionCount -= 1
    listenIfPossible()
  }

  private func isOpen(_ id: ServerConnection.ID) -> Bool { connections[id.slot]?.id == id }

  private func polledEvents(of connection: ServerConnection) -> Int16 {
    polled[connection.id.slot + Self.firstPlace].events
  }

  // MARK: Stopping

  private func stop(by deadline: Instant, _ now: Instant) {
    let isFirst = stopDeadline == nil
    if isFirst { acceptConnections(now) }
    stopDeadline = min(stopDeadline ?? deadline, deadline)
    expectDeadline(stopDeadline)
    guard isFirst else { return }
    listener.close()
    listenIfPossible()
    for case let connection? in connections {
      perform(connection.prepareToStop(&buffer, writer: &writer, now: now), for: connection, now)
    }
  }

  private func closeAll() {
    for case let connection? in connections { close(connection) }
  }
}
