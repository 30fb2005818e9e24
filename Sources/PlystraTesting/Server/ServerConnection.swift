import PlystraCore

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// One client's connection: reads requests, writes answers, in turn.
///
/// It takes up a request only when the one before is answered and written, so answers keep their order, and a
/// client that sends faster than it reads fills only the system's buffers. Lives on the server's thread.
final class ServerConnection {
  typealias Instant = ContinuousClock.Instant

  /// Tells connections apart, those too that had the same slot one after the other.
  struct ID: Equatable, Sendable {
    let slot: Int
    let serial: Int
  }

  /// What the server is to do next for the connection.
  enum Step {
    /// Wait for `interest` or `deadline`.
    case wait
    /// Have this request answered.
    case handle(TransportRequest)
    /// Close the connection.
    case close
  }

  private enum Phase {
    /// Waits for a request or its rest.
    case reading
    /// Waits for the handler's answer.
    case handling
    /// Sends an answer.
    case writing
    /// Has sent its last answer and reads on, so that unread bytes do not turn the close into a reset.
    case lingering
  }

  let id: ID
  let socket: ServerSocket
  let remoteAddress: String
  /// The task that answers the current request.
  var task: Task<Void, Never>?
  /// When to give up what is being waited for; nil while a handler works.
  private(set) var deadline: Instant?

  private let limits: ServerLimits
  private var phase = Phase.reading
  private var parser: HTTPRequestParser
  private var requestStart: Instant?
  private var form = HTTPResponseWriter.Form()
  private var output: [UInt8] = []
  private var sent = 0
  private var hasPeerFinished = false
  private var isStopping = false

  init(
    id: ID, socket: ServerSocket, remoteAddress: String, ownAuthority: String, limits: ServerLimits,
    now: Instant
  ) {
    self.id = id
    self.socket = socket
    self.remoteAddress = remoteAddress
    self.limits = limits
    parser = HTTPRequestParser(limits: limits, ownAuthority: ownAuthority)
    deadline = now + limits.idleTimeout
  }

  /// What to poll for: the flags of `poll`.
  var interest: Int16 {
    let writes = sent < output.count ? Int16(POLLOUT) : 0
    return switch phase {
    case .reading, .lingering: Int16(POLLIN) | writes
    case .handling, .writing: writes
    }
  }

  // MARK: What happens to it

  /// The socket has something to read, or has ended.
  ///
  /// - Parameter buffer: scratch memory.
  func becameReadable(_ buffer: inout [UInt8], writer: inout HTTPResponseWriter, now: Instant) -> Step {
    switch phase {
    case .handling, .writing:
      // Asked only when the connection has ended in some way: a client that only finished sending is answered.
      return socket.isBroken ? .close : .wait
    case .reading, .lingering: break
    }
    switch socket.receive(into: &buffer) {
    case .notReady: return .wait
    case .failed: return .close
    case .moved(0):
      if phase == .lingering { return .close }
      hasPeerFinished = true
    case .moved(let count):
      if phase == .lingering { return .wait }
      parser.append(buffer[..<count])
    }
    return nextRequest(writer: &writer, now: now)
  }

  /// There is room to write again.
  func becameWritable(writer: inout HTTPResponseWriter, now: Instant) -> Step {
    flush(writer: &writer, now: now)
  }

  /// The handler has answered the current request, or wants it to stay without an answer.
  func answer(_ response: TransportResponse?, writer: inout HTTPResponseWriter, now: Instant) -> Step {
    task = nil
    guard let response else { return .close }
    form.closes = form.closes || isStopping
    return send(response, writer: &writer, now: now)
  }

  /// The deadline has passed.
  func timedOut(writer: inout HTTPResponseWriter, now: Instant) -> Step {
    guard phase == .reading, !parser.isBetweenRequests else { return .close }
    return refuse(
      RequestRejection(status: 408, reason: "the request did not arrive in time"), writer: &writer, now: now)
  }

  /// The server stops: a connection at rest is closed, one with a request on its way may finish it.
  func prepareToStop(_ buffer: inout [UInt8], writer: inout HTTPResponseWriter, now: Instant) -> Step {
    isStopping = true
    guard phase == .reading else { return .wait }
    // A request may have arrived unnoticed.
    let step = becameReadable(&buffer, writer: &writer, now: now)
    if case .wait = step, phase == .reading, parser.isBetweenRequests { return .close }
    return step
  }

  // MARK: What it does

  private func nextRequest(writer: inout HTTPResponseWriter, now: Instant) -> Step {
    do {
      switch try parser.next() {
      case .request(let parsed):
        form = HTTPResponseWriter.Form(
          isHead: parsed.request.method == "HEAD", isVersion10: parsed.isVersion10, closes: !parsed.keepsAlive
        )
        phase = .handling
        requestStart = nil
        deadline = nil
        return .handle(parsed.request)
      case .continueExpected:
        output += "HTTP/1.1 100 Continue\r\n\r\n".utf8
        awaitMore(now)
        return flush(writer: &writer, now: now)
      case .needsMoreBytes:
        if hasPeerFinished || isStopping && parser.isBetweenRequests { return .close }
        awaitMore(now)
        return .wait
      }
    } catch {
      return refuse(error, writer: &writer, now: now)
    }
  }

  private func awaitMore(_ now: Instant) {
    if parser.isBetweenRequests {
      requestStart = nil
      deadline = now + limits.idleTimeout
    } else {
      let start = requestStart ?? now
      requestStart = start
      deadline = start + limits.requestTimeout
    }
  }

  private func refuse(
    _ rejection: RequestRejection, writer: inout HTTPResponseWriter, now: Instant
  ) -> Step {
    form = HTTPResponseWriter.Form(closes: true)
    return send(.plain(rejection.status, rejection.reason + "\n"), writer: &writer, now: now)
  }

  private func send(
    _ response: TransportResponse, writer: inout HTTPResponseWriter, now: Instant
  ) -> Step {
    writer.append(response, form: form, to: &output)
    phase = .writing
    deadline = now + limits.writeTimeout
    return flush(writer: &writer, now: now)
  }

  private func flush(writer: inout HTTPResponseWriter, now: Instant) -> Step {
    while sent < output.count {
      switch socket.send(output, from: sent) {
      case .moved(let count):
        sent += count
        if phase == .writing { deadline = now + limits.writeTimeout }
      case .notReady: return .wait
      case .failed: return .close
      }
    }
    sent = 0
    output.removeAll(keepingCapacity: output.capacity <= 256 << 10)
    guard phase == .writing else { return .wait }
    guard !form.closes else { return finish(now) }
    phase = .reading
    return nextRequest(writer: &writer, now: now)
  }

  private func finish(_ now: Instant) -> Step {
    if hasPeerFinished { return .close }
    socket.finishWriting()
    phase = .lingering
    deadline = now + limits.lingerTimeout
    return .wait
  }
}
