import Foundation
import PlystraCore

/// One request and its answer, on a thread that may block.
final class SocketExchange {
  typealias Mistake = SocketTransport.Mistake

  private let request: TransportRequest
  private let target: SocketTarget
  private let mistakes: Set<Mistake>
  private let cancellation: Bell
  private let timeout: Duration
  private var deadline: ContinuousClock.Instant?
  private var descriptor: Int32 = -1
  private var hasSent = false
  private var hasHead = false
  private var buffer: [UInt8] = []

  init(_ request: TransportRequest, mistakes: Set<Mistake>, cancellation: Bell) throws {
    self.request = request
    self.mistakes = mistakes
    self.cancellation = cancellation
    target = try SocketTarget(request, mistakes: mistakes)
    // What no clock will live to see would overflow it.
    timeout = min(request.timeout, .seconds(1 << 32))
    deadline = mistakes.contains(.ignoresTimeout) ? nil : .now + timeout
  }

  func run(with pool: SocketPool) throws -> TransportResponse {
    try checkTime()
    let mayBeResent = request.mayBeResent || mistakes.contains(.resendsOnKeptConnections)
    if mayBeResent, let kept = pool.take(target.place) {
      descriptor = kept
      do {
        return try exchange(pool)
      } catch let error as TransportError where error.kind == .reset && !hasHead {
        // The server had closed it already, or so it seems.
        buffer = []
      }
    }
    descriptor = try connect()
    return try exchange(pool)
  }

  private func exchange(_ pool: SocketPool) throws -> TransportResponse {
    do {
      try write(target.head(of: request, mistakes) + (request.body ?? []))
      var (response, isKept) = try readAnswer()
      if mistakes.contains(.joinsDuplicates) {
        let values = response.headers.values(of: "X-Duplicate")
        if !values.isEmpty { response.headers["X-Duplicate"] = values.joined(separator: ", ") }
      }
      if isKept, !mistakes.contains(.keepsNoConnection) {
        pool.keep(descriptor, for: target.place)
      } else {
        close(descriptor)
      }
      return response
    } catch {
      let isLeftOpen = error is CancellationError && mistakes.contains(.leavesCancelledConnectionsOpen)
      if !isLeftOpen { close(descriptor) }
      throw error
    }
  }

  // MARK: Failures

  private func failure(_ kind: TransportError.Kind, _ message: String) -> TransportError {
    TransportError(
      kind: kind == .connect && mistakes.contains(.blursRefusals) ? .other : kind,
      message: mistakes.contains(.printsRequests) ? "\(message): \(request.headers.map(\.value))" : message,
      mayHaveBeenSent: hasSent && !mistakes.contains(.claimsNothingWasSent))
  }

  /// Throws if the time is over or the task was cancelled.
  func checkTime() throws { try wait(for: 0, of: -1, atMost: 0) }

  private func wait(for events: Int32, of descriptor: Int32, atMost limit: Int32? = nil) throws {
    if mistakes.contains(.beginsTimeoutAnew), hasSent { deadline = .now + timeout }
    if mistakes.contains(.timesTheHeadOnly), hasHead { deadline = nil }
    var polled = [
      pollfd(fd: cancellation.descriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: descriptor, events: Int16(events), revents: 0),
    ]
    let left = deadline.map { ContinuousClock.now.duration(to: $0).components }
    let milliseconds = left.map { max(0, $0.seconds * 1_000 + $0.attoseconds / 1_000_000_000_000_000 + 1) }
    if let left, left.seconds < 0 || left.attoseconds < 0 || left == (0, 0) {
      throw failure(.timeout, "the time is over")
    }
    let ready = poll(&polled, 2, limit ?? milliseconds.map { Int32(clamping: $0) } ?? -1)
    if polled[0].revents != 0 { throw CancellationError() }
    if ready == 0, limit == nil { throw failure(.timeout, "the time is over") }
  }

  // MARK: The socket

  private func connect() throws -> Int32 {
    guard var address = target.address else { throw failure(.resolve, "the host has no address") }
    #if canImport(Darwin)
    let descriptor = socket(AF_INET, SOCK_STREAM, 0)
    #else
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    #endif
    _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
    _ = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Foundation.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    var (fault, size) = (Int32(0), socklen_t(MemoryLayout<Int32>.size))
    do {
      try wait(for: Int32(POLLOUT), of: descriptor)
    } catch {
      close(descriptor)
      throw error
    }
    getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &fault, &size)
    guard fault == 0 else {
      close(descriptor)
      throw failure(.connect, String(cString: strerror(fault)))
    }
    return descriptor
  }

  private func write(_ bytes: [UInt8]) throws {
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes { pointer in
        Foundation.send(
          descriptor, pointer.baseAddress?.advanced(by: sent), bytes.count - sent, Int32(MSG_NOSIGNAL))
      }
      if count > 0 {
        sent += count
        hasSent = true
      } else if errno == EAGAIN {
        try wait(for: Int32(POLLOUT), of: descriptor)
      } else {
        hasSent = true
        throw failure(.reset, String(cString: strerror(errno)))
      }
    }
  }

  /// Adds what has arrived to the buffer; false at the end of the connection.
  private func fill() throws -> Bool {
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      let count = recv(descriptor, &chunk, chunk.count, 0)
      if count > 0 {
        buffer.append(contentsOf: chunk[..<count])
        return true
      }
      if count == 0 { return false }
      guard errno == EAGAIN else {
        throw failure(hasHead ? .truncated : .reset, String(cString: strerror(errno)))
      }
      try wait(for: Int32(POLLIN), of: descriptor)
    }
  }

  // MARK: The answer

  private func readAnswer() throws -> (TransportResponse, isKept: Bool) {
    var head = try readHead()
    while (100..<200).contains(head.status), !mistakes.contains(.returnsInterimAnswers) {
      guard head.status != 101 else { throw failure(.protocolViolation, "the protocol was switched") }
      head = try readHead()
    }
    hasHead = true
    var response = TransportResponse(status: head.status, headers: head.headers)
    let hasBody = request.method != "HEAD" && ![204, 304].contains(head.status) && head.status >= 200
    var isKept = !head.closes
    if !hasBody {
    } else if head.headers["Transfer-Encoding"]?.lowercased() == "chunked" {
      response.body = try readChunks()
    } else if let length = head.headers["Content-Length"].flatMap(Int.init) {
      response.body = try readBody(length)
    } else {
      response.body = try readBody(nil)
      isKept = false
    }
    if response.body.count > request.maximumResponseBytes, mistakes.contains(.checksLimitAtTheEnd) {
      throw failure(.responseTooLarge, "the body is too long")
    }
    return (response, isKept && buffer.isEmpty)
  }

  private func readHead() throws -> SocketHead {
    let end = Array("\r\n\r\n".utf8)
    while true {
      if let range = buffer.firstRange(of: end) {
        let text = String(decoding: buffer[..<range.lowerBound], as: UTF8.self)
        buffer.removeFirst(range.upperBound)
        guard let head = SocketHead(text) else { throw failure(.protocolViolation, "this is not HTTP") }
        return head
      }
      if buffer.count >= 5, !buffer.starts(with: "HTTP/".utf8) {
        guard mistakes.contains(.readsAnything) else { throw failure(.protocolViolation, "this is not HTTP") }
        buffer = Array("HTTP/1.0 200 OK\r\n\r\n".utf8) + buffer
        continue
      }
      if buffer.count > 64 << 10 { throw failure(.responseTooLarge, "the head is too long") }
      if try !fill() { throw failure(buffer.isEmpty ? .reset : .truncated, "the connection was closed") }
    }
  }

  private func checkLimit(_ count: Int) throws {
    if count > request.maximumResponseBytes, mistakes.isDisjoint(with: [.ignoresLimit, .checksLimitAtTheEnd])
    {
      throw failure(.responseTooLarge, "the body is too long")
    }
  }

  private func readBody(_ length: Int?) throws -> [UInt8] {
    if let length { try checkLimit(length) }
    while buffer.count < length ?? .max {
      try checkLimit(buffer.count)
      guard try fill() else {
        if length == nil || mistakes.contains(.returnsTruncatedBodies) { break }
        throw failure(.truncated, "the body ended early")
      }
    }
    let body = Array(buffer.prefix(length ?? .max))
    buffer.removeFirst(body.count)
    return body
  }

  private func readChunks() throws -> [UInt8] {
    var body: [UInt8] = []
    while true {
      let size = Int(try readLine().prefix { $0 != ";" }, radix: 16) ?? 0
      if size == 0 {
        while try !readLine().isEmpty {}
        return body
      }
      try checkLimit(body.count + size)
      while buffer.count < size + 2 {
        guard try fill() else { throw failure(.truncated, "a chunk ended early") }
      }
      body.append(contentsOf: buffer[..<size])
      buffer.removeFirst(size + 2)
    }
  }

  private func readLine() throws -> String {
    while true {
      if let end = buffer.firstRange(of: Array("\r\n".utf8)) {
        let line = String(decoding: buffer[..<end.lowerBound], as: UTF8.self)
        buffer.removeFirst(end.upperBound)
        return line
      }
      guard try fill() else { throw failure(.truncated, "the chunks ended early") }
    }
  }
}
