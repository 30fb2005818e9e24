#if os(Linux)
import Foundation
import Glibc
import PlystraCore
import PlystraCurlTransport
import TestSupport
import Testing

@Suite("CurlTransport: signals", .timeLimit(.minutes(minutesOfAHang)))
struct CurlSignalTests {
  /// What this process does on a signal.
  private func disposition(of signal: Int32) -> UInt {
    var action = sigaction()
    _ = sigaction(signal, nil, &action)
    return withUnsafeBytes(of: action.__sigaction_handler) { $0.load(as: UInt.self) }
  }

  @Test("None is delivered to the thread that makes the transfers")
  func blocked() async throws {
    let transport = try CurlTransport()
    defer { transport.shutdown() }
    let survived = await withTaskExecutorPreference(transport.executor) {
      var signals = sigset_t()
      pthread_sigmask(SIG_BLOCK, nil, &signals)
      // Were it not blocked, this would end the process, unless something else in it ignores the signal.
      raise(SIGPIPE)
      return [SIGPIPE, SIGALRM, SIGTERM, SIGINT, SIGCHLD].allSatisfy { sigismember(&signals, $0) == 1 }
    }
    #expect(survived)
  }

  @Test("What the process does on them is left alone")
  func dispositions() async throws {
    let signals = [SIGPIPE, SIGALRM]
    let server = try RawServer.script { connection in
      _ = try connection.readRequest()
      connection.reset()
    }
    defer { server.stop() }
    // URLSession's own libcurl, which other tests use at the same time, ignores SIGPIPE now and then.
    let (before, now) = try await anyOf {
      let before = signals.map(disposition)
      let transport = try CurlTransport()
      for _ in 0..<3 {
        _ = await curlResults(
          of: [curlRequest("POST", server.url, body: [UInt8](repeating: 0, count: 1 << 20))], by: transport)
      }
      transport.shutdown()
      return (before, signals.map(disposition))
    } until: {
      $0 == $1
    }
    #expect(now == before)
  }
}
#endif
