import Foundation
import PlystraCore
import TestSupport
import Testing

@testable import PlystraCurlTransport

@Suite("CurlTransport: idle connections", .timeLimit(.minutes(minutesOfAHang)))
struct CurlIdleTests {
  /// A loop that keeps idle connections for one second, by libcurl's count of whole ones.
  private func withHastyLoop(_ body: (CurlLoop) async throws -> Void) async throws {
    var limits = try TransferLimits(.init())
    limits.idleSeconds = 1
    let loop = try CurlLoop(limits: limits)
    defer { loop.close() }
    try await body(loop)
  }

  private func get(_ url: String, by loop: CurlLoop) async throws -> TransportResponse {
    let transfer = try curlTransfer(url)
    await loop.run(transfer)
    return try loop.response(to: transfer)
  }

  /// Answers everything, `/slow` only when the gate is open.
  private func server(slowUntil gate: Gate) throws -> RawServer {
    try RawServer.script { connection in
      let request = try connection.readRequest()
      if request?.target == "/slow" { try connection.wait(for: gate) }
      try connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
      try connection.holdUntilClosed()
    }
  }

  @Test("They are closed before the service closes them, though nothing else is asked for")
  func alone() async throws {
    #expect(try TransferLimits(.init()).idleSeconds < 118)
    let server = try RawServer.responding()
    defer { server.stop() }
    try await withHastyLoop { loop in
      for number in 0..<2 {
        #expect(try await get(server.url, by: loop).status == 200)
        try await server.waitForDisconnect(ofConnection: number)
      }
    }
    #expect(server.connectionCount == 2)
  }

  @Test("They are closed while a request waits for its answer, which it still gets")
  func besideAWaitingRequest() async throws {
    let gate = try Gate()
    let server = try server(slowUntil: gate)
    defer { server.stop() }
    try await withHastyLoop { loop in
      async let slow = get("\(server.url)/slow", by: loop)
      try await server.waitForRequests(1)
      #expect(try await get("\(server.url)/quick", by: loop).status == 200)
      try await server.waitForDisconnect(ofConnection: 1)
      gate.open()
      #expect(try await slow.body == Array("ok".utf8))
    }
    #expect(server.connectionCount == 2)
  }

  @Test("They are closed while others are in use all the time")
  func besideBusyOnes() async throws {
    let idle = try RawServer.responding()
    defer { idle.stop() }
    let busy = try RawServer.responding()
    defer { busy.stop() }
    try await withHastyLoop { loop in
      #expect(try await get(idle.url, by: loop).status == 200)
      let isWatching = Locked(true)
      let watch = Task {
        defer { isWatching.withLock { $0 = false } }
        try await idle.waitForDisconnect(ofConnection: 0)
      }
      while isWatching.withLock({ $0 }) { #expect(try await get(busy.url, by: loop).status == 200) }
      try await watch.value
    }
  }

  /// The turns of the loop are taken one by one, so that the answer is there when they are closed, and not a moment
  /// before.
  @Test("An answer that comes while they are closed is delivered at once")
  func answerMeanwhile() async throws {
    let gate = try Gate()
    let server = try server(slowUntil: gate)
    defer { server.stop() }
    let mailbox = LoopMailbox()
    let slow = try curlTransfer("\(server.url)/slow")
    let quick = try curlTransfer("\(server.url)/quick")
    async let others: Void = submit([slow, quick], to: mailbox)
    let (wasEarly, body, isInTime) = try await onThreadOfItsOwn {
      var limits = try TransferLimits(.init())
      limits.idleSeconds = 0
      let multi = try MultiHandle(limits: limits)
      var engine = TransferEngine(multi: multi, limits: limits, mailbox: mailbox, local: LocalQueue())
      func isDelivered(_ transfer: Transfer) -> Bool { mailbox.withLock { _ in transfer.isDelivered } }
      func takeTurn(waiting: Bool) {
        if !waiting { multi.wakeUp() }
        _ = engine.collect()
        engine.turn()
      }
      while !isDelivered(quick) || server.requests.count < 2 { takeTurn(waiting: false) }
      // From this turn on, the time for which a connection may be idle is counted.
      takeTurn(waiting: false)
      let end = MonotonicTime.now().advanced(bySeconds: limits.idleSeconds + 1)
      gate.open()
      while server.log.connections.contains(where: { $0.sentByteCount == 0 }) || .now() < end {
        MonotonicTime.pauseThread(milliseconds: 1)
      }
      let wasEarly = isDelivered(slow)
      takeTurn(waiting: true)
      // Unnoticed, it would wait for the deadline to wake the loop, and be delivered then.
      let isInTime = .now() < slow.deadline
      let outcome = mailbox.withLock { _ in slow.takeOutcome() }
      let body: [UInt8]? = if case .response(_, let body) = outcome { body } else { nil }
      _ = mailbox.withLock { $0.close() }
      engine.finish()
      multi.free()
      return (wasEarly, body, isInTime)
    }
    await others
    #expect(!wasEarly)
    #expect(body == Array("ok".utf8))
    #expect(isInTime)
  }

  /// Suspends until all of them have come to something.
  private func submit(_ transfers: [Transfer], to mailbox: LoopMailbox) async {
    await withTaskGroup(of: Void.self) { group in
      for transfer in transfers {
        group.addTask {
          await withUnsafeContinuation { continuation in
            _ = mailbox.withLock { $0.submit(transfer, continuation, isLocal: false) }
          }
        }
      }
    }
  }

  private func onThreadOfItsOwn<Value: Sendable>(
    _ body: @escaping @Sendable () throws -> Value
  ) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      Thread.detachNewThread { continuation.resume(with: Result { try body() }) }
    }
  }
}
