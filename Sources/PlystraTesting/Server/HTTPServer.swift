import Foundation
import PlystraCore

/// An HTTP/1.1 server on 127.0.0.1 for test kernels: one thread, any number of connections.
///
/// It serves until ``stop(within:)`` is called or nobody holds it any more.
package final class HTTPServer: Sendable {
  /// The port it listens on.
  package let port: Int
  private let mailbox: ServerMailbox

  /// The base URL, such as `http://127.0.0.1:8080`.
  package var url: String { "http://127.0.0.1:\(port)" }

  /// Listens at once.
  ///
  /// - Parameter port: 0…65,535; 0 takes a free port.
  package init(
    port: Int = 0, limits: ServerLimits = ServerLimits(), handler: ServerHandler
  ) throws(ServerStartError) {
    guard (0...65_535).contains(port) else {
      throw ServerStartError(port: port, message: "the port \(port) is outside 0…65,535")
    }
    let mailbox = try ServerMailbox()
    let listener = try ServerSocket.listening(onPort: port)
    self.mailbox = mailbox
    self.port = listener.localPort
    let thread = Thread {
      ServerLoop(listener: listener, mailbox: mailbox, handler: handler, limits: limits).run()
    }
    thread.name = "plystra-server"
    thread.start()
  }

  deinit { beginStop(within: .zero) }

  /// Takes no further connection, closes those at rest, lets requests that are on their way be answered, and
  /// returns when every connection has ended.
  ///
  /// - Parameter limit: after this time the connections that are left are closed and their handlers
  ///   cancelled.
  package func stop(within limit: Duration = .seconds(5)) async {
    beginStop(within: limit)
    await mailbox.waitForEnd()
  }

  /// Sets about stopping, and does not wait for the end.
  func beginStop(within limit: Duration) { mailbox.requestStop(by: .now + limit) }
}
