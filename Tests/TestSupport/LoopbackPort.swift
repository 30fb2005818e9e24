import Foundation
import PlystraCore

/// A port of a loopback address that nobody else is given, and that refuses connections until somebody listens at it.
///
/// The port of a server that was stopped is no such thing: the system may hand it to the next server.
package final class LoopbackPort: Sendable {
  /// The addresses there are.
  package enum Address: Sendable { case ipv4, ipv6 }

  /// The port the system chose.
  package let number: Int
  /// The base URL, such as `http://127.0.0.1:40123`.
  package let url: String
  private let descriptor: Locked<Int32?>

  /// Takes a free port.
  package init(on address: Address = .ipv4) throws {
    let descriptor = try bindSocket(to: address)
    self.descriptor = Locked(descriptor)
    number = try localPort(of: descriptor)
    url = address == .ipv4 ? "http://127.0.0.1:\(number)" : "http://[::1]:\(number)"
  }

  deinit {
    if let descriptor = descriptor.withLock({ $0 }) { close(descriptor) }
  }

  /// A port has been opened before.
  package struct AlreadyOpen: Error {}

  /// Listens, and hands the socket over.
  func open(backlog: Int32) throws -> Int32 {
    let descriptor = descriptor.withLock { descriptor in
      defer { descriptor = nil }
      return descriptor
    }
    guard let descriptor else { throw AlreadyOpen() }
    guard listen(descriptor, backlog) == 0 else {
      defer { close(descriptor) }
      throw SystemCallFailure("listen")
    }
    return descriptor
  }
}

/// A port that neither accepts nor refuses connections: whoever connects waits.
///
/// Its queue of connections that nobody accepts is full, so that the system drops further requests for one.
package final class BlackHole: Sendable {
  /// The base URL.
  package let url: String
  private let descriptors: [Int32]

  /// Opens the port and fills its queue.
  package init() throws {
    let port = try LoopbackPort()
    url = port.url
    var descriptors = [try port.open(backlog: 0)]
    var isFull = false
    while !isFull {
      let (descriptor, isConnected) = try beginConnecting(toPort: port.number, within: .milliseconds(200))
      descriptors.append(descriptor)
      isFull = !isConnected
    }
    self.descriptors = descriptors
  }

  deinit {
    for descriptor in descriptors { close(descriptor) }
  }
}
