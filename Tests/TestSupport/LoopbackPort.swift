import Foundation
import PlystraCore

/// A port of a loopback address that refuses connections until somebody listens at it.
///
/// None is taken twice in the life of a process: a request that was given up, or that nobody should be there for, would
/// otherwise end up at the server of another test.
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
    (descriptor, number) = try Self.takeFreshPort(on: address)
    url = address == .ipv4 ? "http://127.0.0.1:\(number)" : "http://[::1]:\(number)"
  }

  deinit {
    if let descriptor = descriptor.withLock({ $0 }) { close(descriptor) }
  }

  /// The numbers of all ports there ever were.
  private static let taken = Locked<Set<Int>>([])

  private static func takeFreshPort(on address: Address) throws -> (Locked<Int32?>, number: Int) {
    // Held until a fresh one is found, so that the system offers each but once.
    var stale: [Int32] = []
    defer { for descriptor in stale { close(descriptor) } }
    while true {
      let descriptor = try bindSocket(to: address)
      let number = try localPort(of: descriptor)
      if taken.withLock({ $0.insert(number).inserted }) { return (Locked(descriptor), number) }
      stale.append(descriptor)
    }
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
      // What the queue has room for is connected at once.
      let (descriptor, isConnected) = try beginConnecting(toPort: port.number, within: .milliseconds(20))
      descriptors.append(descriptor)
      isFull = !isConnected
    }
    self.descriptors = descriptors
  }

  deinit {
    for descriptor in descriptors { close(descriptor) }
  }
}
