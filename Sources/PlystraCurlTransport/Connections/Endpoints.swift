#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The two ends of a TCP connection, which no other connection of the system has at the same time.
struct Endpoints: Hashable {
  /// Numeric, in the system's own notation, which libcurl uses too. Those of IPv4 need no memory of their own.
  let localAddress: String
  let localPort: Int32
  let remoteAddress: String
  let remotePort: Int32
}

extension Endpoints {
  /// Those of a socket; nil while it is not connected, or if it is not one of IP.
  init?(of descriptor: Int32) {
    guard let local = SocketName(descriptor, getsockname), let remote = SocketName(descriptor, getpeername)
    else {
      return nil
    }
    self.init(
      localAddress: local.address, localPort: local.port,
      remoteAddress: remote.address, remotePort: remote.port)
  }
}

/// The address and port of one end of a socket.
private struct SocketName {
  let address: String
  let port: Int32

  init?(
    _ descriptor: Int32,
    _ read: (Int32, UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int32
  ) {
    var storage = sockaddr_storage()
    var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
    // The storage is made for the addresses of every family, and each begins with the family.
    let name: (String, UInt16)? = withUnsafeMutablePointer(to: &storage) { storage in
      guard storage.withMemoryRebound(to: sockaddr.self, capacity: 1, { read(descriptor, $0, &size) }) == 0
      else {
        return nil
      }
      switch Int32(storage.pointee.ss_family) {
      case AF_INET:
        return storage.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { address in
          (Self.text(AF_INET, &address.pointee.sin_addr), address.pointee.sin_port)
        }
      case AF_INET6:
        return storage.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { address in
          (Self.text(AF_INET6, &address.pointee.sin6_addr), address.pointee.sin6_port)
        }
      default: return nil
      }
    }
    guard let name else { return nil }
    (address, port) = (name.0, Int32(UInt16(bigEndian: name.1)))
  }

  private static func text(_ family: Int32, _ address: UnsafeRawPointer) -> String {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(INET6_ADDRSTRLEN)) { buffer in
      inet_ntop(family, address, buffer.baseAddress, socklen_t(buffer.count)).map { String(cString: $0) }
        ?? ""
    }
  }
}
