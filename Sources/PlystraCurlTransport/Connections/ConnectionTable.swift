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
    /// The host that it was opened for.
    let origin: String
    /// Whether it may turn out to speak HTTP/2, so that requests share it.
    let isShareable: Bool
    /// Nil until they were looked for when the socket was connected.
    var endpoints: Endpoints?
    /// Whether a request was sent on it.
    var isUsed = false
    /// Whether no further request may be, and those under way may finish.
    var isRetired = false
    /// Whether no further request may be, and those under way fail.
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
  private var hasFirstUse = false

  /// What libcurl gives to `closeSocket`: a pointer to this table, which every connection keeps as long as it is open.
  var context: UnsafeMutableRawPointer { Unmanaged.passUnretained(self).toOpaque() }

  /// - Parameter hasEndpoints: whether it is one of IP.
  func didOpen(_ descriptor: Int32, for origin: String, isShareable: Bool, hasEndpoints: Bool) {
    let id = Self.lastID.withLock { last in
      last += 1
      return last
    }
    forget(descriptor)
    connections[descriptor] = Connection(id: id, origin: origin, isShareable: isShareable)
    if hasEndpoints { newDescriptors.insert(descriptor) }
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
    /// How many bytes had come on it before; nil if nobody asks, -1 if the system does not tell.
    fileprivate let receivedBytes: Int64?
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
  ///   - countsBytes: whether `isSilent` is to know what came before.
  func use(_ endpoints: Endpoints, looksForBytes: Bool, countsBytes: Bool) -> Finding {
    guard let descriptor = descriptor(of: endpoints), let connection = connections[descriptor] else {
      return .unknown
    }
    if connection.isClosed || connection.isRetired { return .unusable }
    if looksForBytes && somethingWaits(on: descriptor, isUsed: connection.isUsed) {
      close(descriptor)
      return .unusable
    }
    if !connection.isUsed { hasFirstUse = true }
    connections[descriptor]?.beginUse()
    return .usable(
      Use(
        id: connection.id, descriptor: descriptor,
        receivedBytes: countsBytes ? plystra_received_bytes(descriptor) : nil))
  }

  /// Ends a transfer's use of a connection.
  func end(_ use: Use) {
    // Else it was closed, and the descriptor may be another one's.
    guard connections[use.descriptor]?.id == use.id else { return }
    connections[use.descriptor]?.endUse()
    if connections[use.descriptor]?.isRetired == true { closeIfUnused(use.descriptor) }
  }

  /// How many requests share a connection of HTTP/2 at most: what servers are to allow at least (RFC 9113 §6.5.2), and
  /// libcurl's own limit.
  private static let streamsPerConnection = 100

  /// How many transfers may be under way with a host that speaks HTTP/2: as many as its connections carry, and while none
  /// is being opened, one more, which opens another. libcurl would open one for each transfer beyond.
  ///
  /// - Parameter maximum: the most connections to the host.
  func streamLimit(of origin: String, maximum: Int) -> Int {
    var (usable, opening, usesElsewhere) = (0, 0, 0)
    for connection in connections.values where connection.origin == origin {
      if !connection.isShareable || connection.isRetired || connection.isClosed {
        usesElsewhere += connection.userCount
      } else if connection.isUsed {
        usable += 1
      } else {
        opening += 1
      }
    }
    let opensAnother = opening == 0 && usable < maximum
    return usesElsewhere + usable * Self.streamsPerConnection + (opensAnother ? 1 : 0)
  }

  /// Whether a connection was used for the first time since the last call.
  func takeFirstUse() -> Bool {
    defer { hasFirstUse = false }
    return hasFirstUse
  }

  /// Whether bytes wait on a socket, or the end of the stream does. The latter does not count on a new connection: whatever
  /// ends that may end the next one too, and the request's own failure tells more.
  private func somethingWaits(on descriptor: Int32, isUsed: Bool) -> Bool {
    var byte: UInt8 = 0
    let count = recv(descriptor, &byte, 1, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT))
    if count > 0 { return true }
    return isUsed && (count == 0 || errno != EAGAIN && errno != EWOULDBLOCK)
  }

  /// Whether not one byte has come on a connection since a use of it began, so that it may be dead. Where the system does
  /// not count them, that is assumed. False if the connection is used no more anyway.
  func isSilent(_ use: Use) -> Bool {
    guard let connection = connections[use.descriptor], connection.id == use.id, !connection.isRetired,
      let before = use.receivedBytes
    else { return false }
    let count = plystra_received_bytes(use.descriptor)
    return count == before || count < 0
  }

  // MARK: Closing

  /// Has no further request sent on the connections of a host, each of which is closed after its last one.
  func retire(_ origin: String) {
    for (descriptor, connection) in connections where connection.origin == origin {
      connections[descriptor]?.isRetired = true
      if connection.isUsed { closeIfUnused(descriptor) }
    }
  }

  private func closeIfUnused(_ descriptor: Int32) {
    if let connection = connections[descriptor], connection.userCount == 0, !connection.isClosed {
      close(descriptor)
    }
  }

  /// How many connections of a host are open, and how many of them no transfer uses.
  func counts(of origin: String) -> (open: Int, idle: Int) {
    let all = connections.values.filter { $0.origin == origin }
    return (all.count, all.count { $0.isUsed && $0.userCount == 0 })
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

/// The context is the ``ConnectionGate`` of the easy handle that opens a connection.
let openSocket: curl_opensocket_callback = { context, _, address in
  let descriptor = plystra_open_socket(address)
  if let context, descriptor >= 0 {
    let family = address?.pointee.family
    context.assumingMemoryBound(to: ConnectionGate.self).pointee
      .didOpen(descriptor, hasEndpoints: family == AF_INET || family == AF_INET6)
  }
  return descriptor
}

/// The context is the ``ConnectionTable``, which outlives every connection: `MultiHandle` sees to it.
let closeSocket: curl_closesocket_callback = { context, descriptor in
  // Before it is closed: then another thread may open the next one with that number.
  if let context { Unmanaged<ConnectionTable>.fromOpaque(context).takeUnretainedValue().forget(descriptor) }
  return close(descriptor)
}
