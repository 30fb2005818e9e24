import CLibcurl
import PlystraCore

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The sockets of a loop's connections, and whether a request may be sent on each.
///
/// libcurl names the connection of a request by its two ends alone before the request is sent, so sockets are noted when
/// libcurl opens them, and found again by those. Confined to the loop thread; libcurl's callbacks use it inside the calls
/// that this thread makes.
final class ConnectionTable {
  private struct Connection {
    /// Never used again in the process.
    let id: UInt64
    /// Nil until they were looked for when the socket was connected.
    var endpoints: Endpoints?
    /// Whether a request was sent on it.
    var isUsed = false
    /// Whether no further request may be.
    var isClosed = false
    /// How many transfers use it.
    var userCount = 0
    /// When the last of them ended.
    var idleSince = MonotonicTime.distantFuture

    mutating func beginUse() {
      isUsed = true
      userCount += 1
    }

    mutating func endUse() {
      userCount -= 1
      if userCount == 0 { idleSince = .now() }
    }
  }

  private static let lastID = Locked<UInt64>(0)

  /// By descriptor.
  private var connections: [Int32: Connection] = [:]
  private var descriptors: [Endpoints: Int32] = [:]
  /// The descriptors whose endpoints are not known yet.
  private var newDescriptors: Set<Int32> = []

  /// Has a handle's connections noted. Each keeps a pointer to this table as long as it is open, the handle or not.
  func watchConnections(of easy: UnsafeMutableRawPointer) -> CURLcode {
    plystra_easy_set_socket_functions(
      easy, openSocket, closeSocket, Unmanaged.passUnretained(self).toOpaque())
  }

  fileprivate func didOpen(_ descriptor: Int32) {
    let id = Self.lastID.withLock { last in
      last += 1
      return last
    }
    forget(descriptor)
    connections[descriptor] = Connection(id: id)
    newDescriptors.insert(descriptor)
  }

  fileprivate func forget(_ descriptor: Int32) {
    newDescriptors.remove(descriptor)
    if let endpoints = connections.removeValue(forKey: descriptor)?.endpoints { descriptors[endpoints] = nil }
  }

  // MARK: Finding

  private func descriptor(of endpoints: Endpoints) -> Int32? {
    if let known = descriptors[endpoints] { return known }
    for descriptor in newDescriptors {
      guard let endpoints = Endpoints(of: descriptor) else { continue }
      connections[descriptor]?.endpoints = endpoints
      descriptors[endpoints] = descriptor
      newDescriptors.remove(descriptor)
    }
    return descriptors[endpoints]
  }

  /// The number of the connection with this socket.
  func id(of descriptor: Int32) -> UInt64? { connections[descriptor]?.id }

  // MARK: Using

  /// A transfer's use of a connection, from right before its request is sent.
  struct Use {
    /// The number of the connection.
    let id: UInt64
    fileprivate let descriptor: Int32
    /// How many bytes had come on it before; -1 if they were not counted.
    fileprivate let receivedBytes: Int64
  }

  /// What a look at a connection tells right before a request is sent on it.
  enum Finding {
    /// It may be used, which begins.
    case usable(Use)
    /// Something waits on it, or it was closed: no request may be sent on it.
    case unusable
    /// It is none that was noted.
    case unknown
  }

  /// Looks at the connection that a request is about to be sent on. One that may not be used is closed.
  ///
  /// - Parameters:
  ///   - looksForBytes: whether it carries plain HTTP/1.1, on which nothing may wait. Of a TLS connection, what waits may
  ///     as well belong to TLS itself.
  ///   - countsBytes: whether `closeIfSilent` is to know what came before.
  func use(_ endpoints: Endpoints, looksForBytes: Bool, countsBytes: Bool) -> Finding {
    guard let descriptor = descriptor(of: endpoints), let connection = connections[descriptor] else {
      return .unknown
    }
    if connection.isClosed { return .unusable }
    if looksForBytes && somethingWaits(on: descriptor, isUsed: connection.isUsed) {
      close(descriptor)
      return .unusable
    }
    connections[descriptor]?.beginUse()
    return .usable(
      Use(
        id: connection.id, descriptor: descriptor,
        receivedBytes: countsBytes ? plystra_received_bytes(descriptor) : -1))
  }

  /// Ends a transfer's use of a connection.
  func end(_ use: Use) {
    // Else it was closed, and the descriptor may be another one's.
    guard connections[use.descriptor]?.id == use.id else { return }
    connections[use.descriptor]?.endUse()
  }

  /// Whether bytes wait on a socket, or the end of the stream does. The latter does not count on a new connection: whatever
  /// ends that may end the next one too, and the request's own failure tells more.
  private func somethingWaits(on descriptor: Int32, isUsed: Bool) -> Bool {
    var byte: UInt8 = 0
    let count = recv(descriptor, &byte, 1, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT))
    if count > 0 { return true }
    return isUsed && (count == 0 || errno != EAGAIN && errno != EWOULDBLOCK)
  }

  /// Closes a connection on which not one byte has come since a use of it began: it may be dead. Where the system does not
  /// count them, that is assumed.
  func closeIfSilent(_ use: Use) {
    guard connections[use.descriptor]?.id == use.id else { return }
    let count = plystra_received_bytes(use.descriptor)
    if count == use.receivedBytes || count < 0 { close(use.descriptor) }
  }

  /// Closes the connections that no transfer has used for so many seconds.
  ///
  /// - Returns: when the next one is due, if none of them is used before; else `distantFuture`.
  func closeIdle(forSeconds seconds: Int, at now: MonotonicTime) -> MonotonicTime {
    var next = MonotonicTime.distantFuture
    for (descriptor, connection) in connections
    where connection.isUsed && connection.userCount == 0 && !connection.isClosed {
      let end = connection.idleSince.advanced(bySeconds: seconds)
      if end <= now { close(descriptor) } else { next = min(next, end) }
    }
    return next
  }

  /// Closes the connection with a number, if there still is one: no further request is sent on it.
  func close(_ id: UInt64) {
    guard let descriptor = connections.first(where: { $0.value.id == id })?.key else { return }
    close(descriptor)
  }

  private func close(_ descriptor: Int32) {
    connections[descriptor]?.isClosed = true
    // The descriptor stays libcurl's, which notices, and closes it.
    shutdown(descriptor, Int32(SHUT_RDWR))
  }
}

// The context of both is the table, which outlives every connection: `MultiHandle` sees to it.

private let openSocket: curl_opensocket_callback = { context, _, address in
  let descriptor = plystra_open_socket(address)
  if let context, descriptor >= 0 {
    Unmanaged<ConnectionTable>.fromOpaque(context).takeUnretainedValue().didOpen(descriptor)
  }
  return descriptor
}

private let closeSocket: curl_closesocket_callback = { context, descriptor in
  // Before it is closed: then another thread may open the next one with that number.
  if let context { Unmanaged<ConnectionTable>.fromOpaque(context).takeUnretainedValue().forget(descriptor) }
  return close(descriptor)
}
