import PlystraCore

/// A server that answers every check with a deny and, in one of many shapes, sends allows that nobody asked for.
///
/// Each body has the id of the request that it answers and the `audit` of that request's question. A right response
/// answers the request before it with a deny. A stale one allows the question that the same connection asked before that;
/// the first of a connection allows a question that nobody asked. So no stale response may be taken for the decision of
/// any check, unless two checks have the same id and question.
///
/// ```swift
/// let server = try StaleServer(shape: .after20ms)
/// defer { server.stop() }
/// ```
package final class StaleServer: Sendable {
  package let shape: StaleShape
  /// What the responses are written by, with a log of the requests.
  package let server: RawServer
  private let sent: Locked<Int>
  private let waiters: Locked<[(count: Int, gate: Gate)]>

  /// The base URL.
  package var url: String { server.url }

  /// How many times it has sent what nobody asked for, and the client's system has taken it in.
  package var staleCount: Int { sent.withLock { $0 } }

  /// Listens at a free port.
  ///
  /// - Parameters:
  ///   - interval: how many requests of a connection there are for each time that it sends something stale, 1 or more.
  ///   - unknownID: the request id of stale responses to a question that nobody asked; to test with requests that all
  ///     have one id, that one.
  package init(shape: StaleShape, every interval: Int = 1, unknownID: String = "req_unknown") throws {
    self.shape = shape
    let (sent, waiters) = (Locked(0), Locked([(count: Int, gate: Gate)]()))
    (self.sent, self.waiters) = (sent, waiters)
    server = try RawServer.script { connection in
      func count() throws {
        try connection.waitUntilDelivered()
        let total = sent.withLock { sent in
          sent += 1
          return sent
        }
        waiters.withLock { for waiter in $0 where waiter.count <= total { waiter.gate.open() } }
      }
      var earlier = StaleMessage(staleToUnknown: unknownID)
      if shape == .beforeFirstRequest {
        try connection.send(earlier.bytes())
        try count()
      }
      var number = 0
      while let request = try connection.readRequest() {
        number += 1
        let right = StaleMessage(to: request)
        if request.method == shape.method, number % interval == 0 {
          let steps = shape.steps(right: right, stale: earlier)
          if try connection.perform(steps), shape != .beforeFirstRequest { try count() }
          if case .finish = steps.last { return }
        } else {
          try connection.send(request.method == "HEAD" ? right.head() : right.bytes())
        }
        earlier = StaleMessage(staleTo: request)
      }
    }
  }

  /// Waits until it has sent something stale so many times, and the client's system has taken that in.
  package func waitForStale(_ count: Int) async throws {
    let gate = try Gate()
    waiters.withLock { $0.append((count, gate)) }
    if staleCount >= count { gate.open() }
    try await gate.waitUntilOpen()
  }

  /// Stops listening and closes every connection.
  package func stop() { server.stop() }
}

extension RawConnection {
  /// Takes steps one after another; false if a request came before they were all taken.
  fileprivate func perform(_ steps: [StaleStep]) throws -> Bool {
    for step in steps {
      switch step {
      case .send(let bytes): try send(bytes)
      case .pause(let duration): try pause(duration)
      case .quiet(let duration): if try !isQuiet(for: duration) { return false }
      case .nextRequest: if try !waitForBytes() { return false }
      case .finish: finishWriting()
      }
    }
    return true
  }
}
