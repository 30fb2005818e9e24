import Foundation

// The system calls beneath the raw server and client. Sockets do not block and are not inherited by
// processes.

/// Opens a socket at a free port of a loopback address, which refuses connections as long as it does not listen.
func bindSocket(to address: LoopbackPort.Address) throws -> Int32 {
  let descriptor = try makeSocket(address == .ipv4 ? AF_INET : AF_INET6)
  let bound =
    switch address {
    case .ipv4: withSocketAddress(loopback4(port: 0)) { bind(descriptor, $0, $1) }
    case .ipv6: withSocketAddress(loopback6()) { bind(descriptor, $0, $1) }
    }
  guard bound == 0 else {
    defer { close(descriptor) }
    throw SystemCallFailure("bind")
  }
  return descriptor
}

/// Opens a Unix-domain socket that listens.
func listen(atUnixSocket path: String) throws -> Int32 {
  let descriptor = try makeSocket(AF_UNIX)
  var address = sockaddr_un()
  address.sun_family = sa_family_t(AF_UNIX)
  withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
  guard withSocketAddress(address, { bind(descriptor, $0, $1) }) == 0, listen(descriptor, 1_024) == 0 else {
    defer { close(descriptor) }
    throw SystemCallFailure("bind")
  }
  return descriptor
}

/// Connects to a port of 127.0.0.1.
func connect(toPort port: Int) throws -> Int32 {
  let descriptor = try makeSocket(AF_INET, blocking: true)
  guard withSocketAddress(loopback4(port: port), { connect(descriptor, $0, $1) }) == 0 else {
    defer { close(descriptor) }
    throw SystemCallFailure("connect")
  }
  configure(descriptor, blocking: false)
  return descriptor
}

/// Begins to connect to a port of 127.0.0.1, and says whether that has succeeded within the limit.
func beginConnecting(
  toPort port: Int, within limit: Duration
) throws -> (descriptor: Int32, isConnected: Bool) {
  let descriptor = try makeSocket(AF_INET)
  if withSocketAddress(loopback4(port: port), { connect(descriptor, $0, $1) }) == 0 {
    return (descriptor, true)
  }
  guard errno == EINPROGRESS else {
    defer { close(descriptor) }
    throw SystemCallFailure("connect")
  }
  var polled = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
  return (descriptor, poll(&polled, 1, milliseconds(limit)) > 0)
}

/// The port that a socket is bound to.
func localPort(of descriptor: Int32) throws -> Int {
  // sockaddr_in6 has room for both families, and both keep the port at the same place.
  var address = sockaddr_in6()
  var size = socklen_t(MemoryLayout<sockaddr_in6>.size)
  let result = withUnsafeMutablePointer(to: &address) { pointer in
    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &size) }
  }
  guard result == 0 else { throw SystemCallFailure("getsockname") }
  return Int(UInt16(bigEndian: address.sin6_port))
}

/// Accepts connections until the gate opens, then closes the listening socket.
func acceptConnections(
  at listener: Int32, until stopped: Gate, _ body: (_ descriptor: Int32, _ number: Int) -> Void
) {
  defer { close(listener) }
  var number = 0
  while true {
    var polled = [
      pollfd(fd: stopped.descriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: listener, events: Int16(POLLIN), revents: 0),
    ]
    _ = poll(&polled, nfds_t(polled.count), -1)
    if polled[0].revents != 0 { return }
    let descriptor = accept(listener, nil, nil)
    guard descriptor >= 0 else { continue }
    configure(descriptor, blocking: false)
    body(descriptor, number)
    number += 1
  }
}

/// Runs a body on a new thread, which counts in the group until it ends.
func startThread(in group: DispatchGroup?, _ body: @escaping @Sendable () -> Void) {
  group?.enter()
  Thread.detachNewThread {
    body()
    group?.leave()
  }
}

/// Writes without raising SIGPIPE.
func posixSend(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
  #if canImport(Darwin)
  send(descriptor, bytes.baseAddress, bytes.count, 0)
  #else
  send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
  #endif
}

private func makeSocket(_ family: Int32, blocking: Bool = false) throws -> Int32 {
  #if canImport(Darwin)
  let descriptor = socket(family, SOCK_STREAM, 0)
  #else
  let descriptor = socket(family, Int32(SOCK_STREAM.rawValue), 0)
  #endif
  guard descriptor >= 0 else { throw SystemCallFailure("socket") }
  configure(descriptor, blocking: blocking)
  return descriptor
}

private func configure(_ descriptor: Int32, blocking: Bool) {
  _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
  let flags = fcntl(descriptor, F_GETFL)
  _ = fcntl(descriptor, F_SETFL, blocking ? flags & ~O_NONBLOCK : flags | O_NONBLOCK)
  var on: Int32 = 1
  let size = socklen_t(MemoryLayout<Int32>.size)
  setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, size)
  #if canImport(Darwin)
  setsockopt(descriptor, SOL_SOCKET, SO_NOSIGPIPE, &on, size)
  #endif
}

private func loopback4(port: Int) -> sockaddr_in {
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_port = UInt16(truncatingIfNeeded: port).bigEndian
  address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
  return address
}

private func loopback6() -> sockaddr_in6 {
  var address = sockaddr_in6()
  address.sin6_family = sa_family_t(AF_INET6)
  address.sin6_addr = in6addr_loopback
  return address
}

private func withSocketAddress<Address>(
  _ address: Address, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
) -> Int32 {
  var address = address
  #if canImport(Darwin)
  // Darwin's addresses begin with their own length.
  withUnsafeMutableBytes(of: &address) { $0[0] = UInt8(MemoryLayout<Address>.size) }
  #endif
  return withUnsafePointer(to: &address) { pointer in
    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      body($0, socklen_t(MemoryLayout<Address>.size))
    }
  }
}
