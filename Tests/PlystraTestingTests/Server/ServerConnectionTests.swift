import Foundation
import PlystraCore
import Testing

@testable import PlystraTesting

/// What a connection waits for, with a clock that stands still unless told otherwise.
@Suite("HTTP server: a connection's deadlines")
struct ServerConnectionTests {
  private let start = ContinuousClock.now
  private let limits: ServerLimits
  private let pair: SocketPair
  private let connection: ServerConnection
  private let request = "GET / HTTP/1.1\r\nHost: h\r\n\r\n"

  init() throws {
    var limits = ServerLimits()
    limits.idleTimeout = .seconds(120)
    limits.requestTimeout = .seconds(30)
    limits.writeTimeout = .seconds(20)
    limits.lingerTimeout = .seconds(1)
    self.limits = limits
    pair = try SocketPair()
    connection = ServerConnection(
      id: .init(slot: 0, serial: 1), socket: ServerSocket(descriptor: pair.server),
      remoteAddress: "127.0.0.1",
      ownAuthority: "h", limits: limits, now: start)
  }

  /// Sends bytes as a client and lets the connection see them.
  private func receive(_ text: String, after seconds: Int) -> ServerConnection.Step {
    pair.send(text)
    var buffer = [UInt8](repeating: 0, count: 1024)
    var writer = HTTPResponseWriter()
    return connection.becameReadable(&buffer, writer: &writer, now: start + .seconds(seconds))
  }

  private func answer(_ body: [UInt8], after seconds: Int) -> ServerConnection.Step {
    var writer = HTTPResponseWriter()
    return connection.answer(
      TransportResponse(status: 200, body: body), writer: &writer, now: start + .seconds(seconds))
  }

  @Test("a request has its time from its first byte, whatever comes later")
  func requestDeadline() {
    #expect(connection.deadline == start + .seconds(120))
    #expect(receive("GET ", after: 100).isWait)
    #expect(connection.deadline == start + .seconds(130))
    #expect(receive("/ HTTP/1.1\r\n", after: 120).isWait)
    #expect(connection.deadline == start + .seconds(130))
    #expect(receive("Host: h\r\n\r\n", after: 129).isHandle)
    #expect(connection.deadline == nil)
    #expect(answer([], after: 1000).isWait)
    #expect(connection.deadline == start + .seconds(1120))
    #expect(receive("G", after: 1100).isWait)
    #expect(connection.deadline == start + .seconds(1130))
  }

  @Test("an empty line between requests is no request that has begun")
  func emptyLine() {
    #expect(receive("\r", after: 1).isWait)
    #expect(connection.deadline == start + .seconds(31))
    #expect(receive("\n", after: 2).isWait)
    #expect(connection.deadline == start + .seconds(122))
    #expect(receive("G", after: 50).isWait)
    #expect(connection.deadline == start + .seconds(80))
  }

  @Test("an answer has time as long as some of it is taken, and polls only for room")
  func writeDeadline() {
    #expect(receive(request, after: 1).isHandle)
    #expect(connection.interest == 0)
    #expect(answer([UInt8](repeating: 1, count: 16 << 20), after: 2).isWait)
    #expect(connection.interest == Int16(POLLOUT))
    #expect(connection.deadline == start + .seconds(22))
    pair.receiveSome()
    var writer = HTTPResponseWriter()
    #expect(connection.becameWritable(writer: &writer, now: start + .seconds(21)).isWait)
    #expect(connection.deadline == start + .seconds(41))
    #expect(connection.timedOut(writer: &writer, now: start + .seconds(41)).isClose)
  }

  @Test("a late request is answered with 408, and the rest of it is read for a while")
  func late() {
    #expect(receive("GET ", after: 1).isWait)
    var writer = HTTPResponseWriter()
    #expect(connection.timedOut(writer: &writer, now: start + .seconds(31)).isWait)
    #expect(connection.interest == Int16(POLLIN))
    #expect(connection.deadline == start + .seconds(32))
    #expect(receive("/ HTTP/1.1\r\nHost: h\r\n\r\n", after: 32).isWait)
    #expect(String(decoding: pair.receiveSome(), as: UTF8.self).hasPrefix("HTTP/1.1 408 "))
    #expect(connection.timedOut(writer: &writer, now: start + .seconds(32)).isClose)
  }

  @Test("a connection at rest is closed when its time is up, and when the server stops")
  func idle() {
    var writer = HTTPResponseWriter()
    var buffer = [UInt8](repeating: 0, count: 1024)
    #expect(connection.timedOut(writer: &writer, now: start + .seconds(120)).isClose)
    #expect(connection.prepareToStop(&buffer, writer: &writer, now: start).isClose)
  }
}

extension ServerConnection.Step {
  fileprivate var isWait: Bool { if case .wait = self { true } else { false } }
  fileprivate var isClose: Bool { if case .close = self { true } else { false } }
  fileprivate var isHandle: Bool { if case .handle = self { true } else { false } }
}

/// Two connected sockets that do not block.
private final class SocketPair: Sendable {
  let server: Int32
  private let client: Int32

  init() throws {
    var ends: [Int32] = [-1, -1]
    #if canImport(Darwin)
    let type = SOCK_STREAM
    #else
    let type = Int32(SOCK_STREAM.rawValue)
    #endif
    try #require(socketpair(AF_UNIX, type, 0, &ends) == 0)
    for end in ends { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
    server = ends[0]
    client = ends[1]
  }

  deinit {
    close(server)
    close(client)
  }

  func send(_ text: String) {
    let bytes = Array(text.utf8)
    #expect(write(client, bytes, bytes.count) == bytes.count)
  }

  /// Reads what there is, up to 1 MiB.
  @discardableResult
  func receiveSome() -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    let count = read(client, &bytes, bytes.count)
    return Array(bytes.prefix(max(0, count)))
  }
}
