import Foundation
import PlystraCore

/// A server on 127.0.0.1 whose connections are played by a script that decides about each byte.
///
/// Each connection has a thread of its own, on which the script may block. When the script returns or throws, the
/// connection is closed. The port stays taken until nobody holds the server, so that no later server gets it and meets
/// connections that a transport has kept.
final class ScriptedServer: Sendable {
  typealias Script = @Sendable (_ connection: ScriptedConnection) throws -> Void

  let port: Int
  /// What has been seen so far.
  let journal: ServerJournal
  private let listener: Listener
  private let stopped: Door

  /// The base URL, such as `http://127.0.0.1:40123`.
  var url: String { "http://127.0.0.1:\(port)" }

  /// Listens at a free port at once.
  init(_ script: @escaping Script) throws(ServerStartError) {
    let (listener, stopped, journal) = (try Listener(), try Door(), ServerJournal())
    self.listener = listener
    self.stopped = stopped
    self.journal = journal
    port = listener.socket.localPort
    Thread.detachNewThread {
      listener.acceptConnections(until: stopped) { socket in
        let number = journal.addConnection()
        Thread.detachNewThread {
          let connection = ScriptedConnection(socket, number: number, journal: journal, stopped: stopped)
          // However a script ends, its connection is over; what it saw is in the journal.
          try? script(connection)
          connection.close()
        }
      }
    }
  }

  deinit { stop() }

  /// Ends every connection, whatever its script is about, and takes no further one.
  func stop() { stopped.open() }
}

/// A listening socket that is closed when both its server and its thread have let go of it.
private final class Listener: Sendable {
  let socket: ServerSocket

  init() throws(ServerStartError) { socket = try ServerSocket.listening(onPort: 0) }

  deinit { socket.close() }

  func acceptConnections(until stopped: Door, _ body: (ServerSocket) -> Void) {
    while true {
      var polled = [
        pollfd(fd: stopped.descriptor, events: Int16(POLLIN), revents: 0),
        pollfd(fd: socket.descriptor, events: Int16(POLLIN), revents: 0),
      ]
      _ = poll(&polled, nfds_t(polled.count), -1)
      if polled[0].revents != 0 { return }
      if case .connection(let connection, _) = socket.accept() { body(connection) }
    }
  }
}

/// A port of 127.0.0.1 that is taken, and refuses connections.
final class RefusingPort: Sendable {
  private let socket: ServerSocket
  /// The base URL.
  let url: String

  init() throws(ServerStartError) {
    socket = try ServerSocket.bound(toPort: 0)
    url = "http://127.0.0.1:\(socket.localPort)"
  }

  deinit { socket.close() }
}
