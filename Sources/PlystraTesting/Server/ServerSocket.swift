#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The system calls that a server makes on TCP sockets of 127.0.0.1.
///
/// No call blocks or raises SIGPIPE, and no process that is started inherits a socket. Pointers into arrays
/// are used only while the call that is given them runs.
struct ServerSocket {
  /// What a read or write came to.
  enum Outcome: Equatable {
    /// So many bytes were moved; a read of 0 means that the client has finished sending.
    case moved(Int)
    /// Nothing can be moved now.
    case notReady
    /// The connection is broken.
    case failed
  }

  let descriptor: Int32

  /// Opens a socket that listens on a port of 127.0.0.1; 0 takes a free one.
  static func listening(onPort port: Int) throws(ServerStartError) -> ServerSocket {
    let socket = try bound(toPort: port)
    guard listen(socket.descriptor, 1024) == 0 else {
      let error = ServerStartError(port: port, errorNumber: errno)
      socket.close()
      throw error
    }
    return socket
  }

  /// Opens a socket that has a port of 127.0.0.1, and refuses connections as long as it does not listen.
  static func bound(toPort port: Int) throws(ServerStartError) -> ServerSocket {
    #if canImport(Darwin) || canImport(Musl)
    let type = SOCK_STREAM
    #else
    let type = Int32(SOCK_STREAM.rawValue)
    #endif
    let socket = ServerSocket(descriptor: socket(AF_INET, type, 0))
    guard socket.descriptor >= 0 else { throw ServerStartError(port: port, errorNumber: errno) }
    socket.configure()
    // Lets a server be started again on its port while old connections are still dying.
    socket.set(SOL_SOCKET, SO_REUSEADDR)
    var address = sockaddr_in()
    #if canImport(Darwin)
    address.sin_len = UInt8(MemoryLayout<sockaddr_in>.size)
    #endif
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(truncatingIfNeeded: port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let bound = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(socket.descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard bound == 0 else {
      let error = ServerStartError(port: port, errorNumber: errno)
      socket.close()
      throw error
    }
    return socket
  }

  /// The port that the socket is bound to.
  var localPort: Int {
    Int(UInt16(bigEndian: address { getsockname(descriptor, $0, $1) }.sin_port))
  }

  /// What an attempt to accept a connection came to.
  enum Acceptance {
    case connection(ServerSocket, remoteAddress: String)
    /// No connection is waiting.
    case nothing
    /// The process or the system has no room for a further connection now.
    case exhausted
  }

  /// Accepts a waiting connection.
  func accept() -> Acceptance {
    var accepted: Int32 = -1
    let remote = address {
      accepted = systemAccept(descriptor, $0, $1)
      return accepted
    }
    guard accepted >= 0 else {
      return [EMFILE, ENFILE, ENOBUFS, ENOMEM].contains(errno) ? .exhausted : .nothing
    }
    let connection = ServerSocket(descriptor: accepted)
    connection.configure()
    connection.set(Int32(IPPROTO_TCP), TCP_NODELAY)
    let host = UInt32(bigEndian: remote.sin_addr.s_addr)
    let parts = [24, 16, 8, 0].map { String(host >> $0 & 255) }
    return .connection(connection, remoteAddress: parts.joined(separator: "."))
  }

  /// Reads what has arrived into the beginning of `buffer`.
  func receive(into buffer: inout [UInt8]) -> Outcome {
    outcome(buffer.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress, $0.count, 0) })
  }

  /// Writes bytes from `start` to the end, as many as there is room for.
  func send(_ bytes: [UInt8], from start: Int) -> Outcome {
    #if canImport(Darwin)
    let flags: Int32 = 0
    #else
    let flags = Int32(MSG_NOSIGNAL)
    #endif
    return outcome(
      bytes.withUnsafeBytes {
        let rest = UnsafeRawBufferPointer(rebasing: $0[start...])
        return systemSend(descriptor, rest.baseAddress, rest.count, flags)
      })
  }

  /// Whether the client has broken the connection, rather than only finished sending.
  var isBroken: Bool {
    var byte: UInt8 = 0
    return outcome(recv(descriptor, &byte, 1, Int32(MSG_PEEK))) == .failed
  }

  /// Tells the client that nothing more will be sent.
  func finishWriting() { _ = shutdown(descriptor, Int32(SHUT_WR)) }

  /// Resets the connection: the client loses even what it has not yet read.
  func reset() {
    var abort = linger(l_onoff: 1, l_linger: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &abort, socklen_t(MemoryLayout<linger>.size))
    close()
  }

  /// Closes the socket.
  func close() { systemClose(descriptor) }

  private func outcome(_ result: Int) -> Outcome {
    if result >= 0 { return .moved(result) }
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR ? .notReady : .failed
  }

  private func configure() {
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
    #if canImport(Darwin)
    set(SOL_SOCKET, SO_NOSIGPIPE)
    #endif
  }

  private func set(_ level: Int32, _ option: Int32) {
    var on: Int32 = 1
    setsockopt(descriptor, level, option, &on, socklen_t(MemoryLayout<Int32>.size))
  }

  private func address(
    _ call: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int32
  ) -> sockaddr_in {
    var address = sockaddr_in()
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    _ = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { call($0, &size) }
    }
    return address
  }
}

// Global functions that the type's own methods of the same name would hide.

private func systemAccept(
  _ descriptor: Int32, _ address: UnsafeMutablePointer<sockaddr>, _ size: UnsafeMutablePointer<socklen_t>
) -> Int32 {
  accept(descriptor, address, size)
}

private func systemSend(
  _ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int, _ flags: Int32
) -> Int {
  send(descriptor, bytes, count, flags)
}

private func systemClose(_ descriptor: Int32) {
  _ = close(descriptor)
}
