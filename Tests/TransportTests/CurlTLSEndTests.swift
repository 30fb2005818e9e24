import Foundation
import PlystraCore
import TestSupport
import Testing

@testable import PlystraCurlTransport

@Suite(
  "CurlTransport: the end of TLS connections", .timeLimit(.minutes(minutesOfAHang)),
  .enabled(if: TLSContext.obstacle == nil, "nginx, openssl or libcurl with OpenSSL is missing"))
struct CurlTLSEndTests {
  /// The turns of the loop are taken one by one. A loop that does not sleep takes tens of thousands in the time.
  @Test(
    "The loop sleeps after the peer has ended a connection, whether libcurl keeps it or is closing it",
    arguments: [true, false])
  func idleLoop(mayBeResent: Bool) async throws {
    let certificates = try TestCertificates()
    let context = try TLSContext(certificates)
    let responseIsIn = try Gate()
    let server = try RawServer.script { raw in
      let connection = try TLSConnection(raw, context)
      if connection.speaksHTTP2 {
        guard let peer = try HTTP2Peer(connection), let request = try peer.readRequest() else { return }
        try peer.respond(to: request)
      } else {
        guard try connection.readRequest() != nil else { return }
        try connection.send(TransportResponse(status: 200).bytes)
      }
      try raw.wait(for: responseIsIn)
      try connection.finish()
      // Open, so that all that the client sees is the end of what is sent to it.
      try raw.wait(for: Gate())
    }
    defer { server.stop() }
    let mailbox = LoopMailbox()
    let transfer = try curlTransfer("https://localhost:\(server.port)/", mayBeResent: mayBeResent)
    async let response: Void = submit(transfer, to: mailbox)
    let turns = try await onThreadOfItsOwn {
      var limits = try TransferLimits(
        TransportConfiguration(certificateAuthorities: .file(certificates.authority)))
      limits.idleSeconds = 0
      let multi = try MultiHandle(limits: limits)
      var engine = TransferEngine(multi: multi, limits: limits, mailbox: mailbox, local: LocalQueue())
      while mailbox.withLock({ _ in !transfer.isDelivered }) {
        multi.wakeUp()
        _ = engine.collect()
        engine.turn()
      }
      responseIsIn.open()
      // libcurl lets any thread wake a handle, which outlives this one: it ends the last sleep.
      nonisolated(unsafe) let waker = multi
      let isOver = Locked(false)
      Thread.detachNewThread {
        // Long enough for the connection to have been idle for its time.
        MonotonicTime.pauseThread(milliseconds: 2_500)
        isOver.withLock { isOver in
          isOver = true
          waker.wakeUp()
        }
      }
      var turns = 0
      while !isOver.withLock({ $0 }) {
        _ = engine.collect()
        engine.turn()
        turns += 1
      }
      _ = mailbox.withLock { $0.close() }
      engine.finish()
      multi.free()
      return turns
    }
    await response
    if case .response(let head, _) = mailbox.withLock({ _ in transfer.takeOutcome() }) {
      #expect(head.status == 200)
    } else {
      Issue.record("there is no response")
    }
    #expect(turns < 200)
  }

  private func submit(_ transfer: Transfer, to mailbox: LoopMailbox) async {
    await withUnsafeContinuation { continuation in
      _ = mailbox.withLock { $0.submit(transfer, continuation, isLocal: false) }
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
