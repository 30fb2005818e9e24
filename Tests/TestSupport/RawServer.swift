import Foundation
package import PlystraCore

/// A server for tests of HTTP clients: every connection is played by a script that decides about each byte.
///
/// ```swift
/// let server = try RawServer.script { connection in
///   _ = try connection.readRequest()
///   try connection.send("HTTP/1.1 200 OK\r\nContent-Length: 122\r\n\r\n{\"da")
/// }
/// defer { server.stop() }
/// ```
///
/// A script runs on a thread of its own and may block. When it returns or throws, the connection is closed.
/// `defer { server.stop() }` also keeps the server alive: without a reference it stops.
package final class RawServer: Sendable {
  package typealias Script = @Sendable (_ connection: RawConnection) throws -> Void

  /// The port the system chose.
  package let port: Int
  /// The base URL, such as `http://127.0.0.1:40123`.
  package let url: String
  private let journal = RawServerJournal()
  private let stopped: Gate
  private let threads = DispatchGroup()

  /// Listens at a free port at once; each connection is handed to `script`.
  package convenience init(on address: LoopbackPort.Address = .ipv4, script: @escaping Script) throws {
    try self.init(at: LoopbackPort(on: address), script: script)
  }

  /// Listens at a port that was taken before.
  package convenience init(at port: LoopbackPort, script: @escaping Script) throws {
    try self.init(listener: port.open(backlog: 1024), port: port.number, url: port.url, script: script)
  }

  /// Listens at a Unix-domain socket, which it creates.
  package convenience init(unixSocketPath path: String, script: @escaping Script) throws {
    try self.init(listener: listen(atUnixSocket: path), port: 0, url: "http://localhost", script: script)
  }

  private init(listener: Int32, port: Int, url: String, script: @escaping Script) throws {
    stopped = try Gate()
    self.port = port
    self.url = url
    startThread(in: threads) { [journal, stopped, threads] in
      acceptConnections(at: listener, until: stopped) { descriptor, number in
        journal.update { $0.connections.append(RawConnectionRecord()) }
        startThread(in: threads) {
          let connection = RawConnection(
            descriptor: descriptor, number: number, stop: stopped, journal: journal)
          // However a script ends, its connection is over; what it saw is in the log.
          try? script(connection)
          connection.close()
        }
      }
    }
  }

  deinit { stopped.open() }

  /// Stops listening, closes every connection and waits for the threads to end. Not to be called by a script.
  package func stop() {
    stopped.open()
    threads.wait()
  }

  /// Everything seen so far.
  package var log: RawServerLog { journal.log }
  /// The complete requests seen so far.
  package var requests: [RawRequest] { journal.log.requests }
  /// How many connections were accepted so far.
  package var connectionCount: Int { journal.log.connections.count }

  /// Waits until so many complete requests have been read.
  @discardableResult
  package func waitForRequests(_ count: Int, within limit: Duration = .patience) async throws
    -> [RawRequest]
  {
    try await wait(for: "\(count) requests", within: limit) { $0.requests.count >= count }
    return requests
  }

  /// Waits until so many connections have been accepted.
  package func waitForConnections(_ count: Int, within limit: Duration = .patience) async throws {
    try await wait(for: "\(count) connections", within: limit) { $0.connections.count >= count }
  }

  /// Waits until the client has closed or reset a connection (which may not exist yet).
  ///
  /// It is seen only while the connection's script reads, writes, pauses or waits.
  package func waitForDisconnect(
    ofConnection number: Int = 0, within limit: Duration = .patience
  ) async throws {
    try await wait(for: "the end of connection \(number)", within: limit) {
      $0.connections.count > number && $0.connections[number].peerFinished
    }
  }

  /// Waits until the log is as wanted; `awaited` names that in the error.
  ///
  /// - Throws: ``RawServerTimeout``, or `CancellationError`.
  package func wait(
    for awaited: String, within limit: Duration = .patience,
    until condition: @escaping @Sendable (RawServerLog) -> Bool
  ) async throws {
    try await journal.wait(for: awaited, within: limit, until: condition)
  }
}

extension RawServer {
  /// A server whose connections are all played by one script, which may tell them apart by their numbers.
  package static func script(on address: LoopbackPort.Address = .ipv4, _ script: @escaping Script) throws
    -> RawServer
  {
    try RawServer(on: address, script: script)
  }

  /// A server that gives every request the same answer and keeps its connections open.
  package static func responding(
    status: Int = 200, headers: TransportHeaders = TransportHeaders(), body: [UInt8] = []
  ) throws -> RawServer {
    try answering { _, _ in TransportResponse(status: status, headers: headers, body: body) }
  }

  /// A server that answers each request by a closure and keeps its connections open.
  ///
  /// - Parameter answer: gets the request and its number, counted from 0 over all connections.
  package static func answering(
    at port: LoopbackPort? = nil,
    _ answer: @escaping @Sendable (_ request: RawRequest, _ number: Int) -> TransportResponse
  ) throws -> RawServer {
    let answered = Locked(0)
    return try RawServer(at: port ?? LoopbackPort()) { connection in
      while let request = try connection.readRequest() {
        let number = answered.withLock { count in
          defer { count += 1 }
          return count
        }
        try connection.send(answer(request, number).repeatingID(of: request.headers))
      }
    }
  }
}
