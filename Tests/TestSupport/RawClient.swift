import Foundation
import PlystraCore

/// A client for tests of HTTP servers: a script decides about each byte.
package enum RawClient {
  /// Connects to a port of 127.0.0.1 and runs a script, which may block, on a thread of its own.
  ///
  /// - Parameter limit: when it has passed, or the task is cancelled, whatever the script waits for throws
  ///   ``RawConnection/Ended/stopped``.
  /// - Throws: what the script throws, or ``SystemCallFailure`` when the connection cannot be made.
  package static func run<Result: Sendable>(
    port: Int, within limit: Duration = .patience,
    script: @escaping @Sendable (_ connection: RawConnection) throws -> Result
  ) async throws -> Result {
    let timeUp = try Gate()
    DispatchQueue.global().asyncAfter(deadline: .now() + .seconds(Int(limit.components.seconds))) {
      [weak timeUp] in timeUp?.open()
    }
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        startThread(in: nil) {
          continuation.resume(
            with: Swift.Result {
              let descriptor = try connect(toPort: port)
              let connection = RawConnection(
                descriptor: descriptor, number: 0, stop: timeUp, journal: nil)
              return try script(connection)
            })
        }
      }
    } onCancel: {
      timeUp.open()
    }
  }
}
