import Foundation
import PlystraCore

/// Connections that are kept for the next request to the same place.
final class SocketPool: Sendable {
  private let kept = Locked<[String: [Int32]]>([:])

  deinit { close() }

  /// A connection to a place that nothing has happened on since it was kept.
  func take(_ place: String) -> Int32? {
    while let descriptor = kept.withLock({ $0[place]?.popLast() }) {
      var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      if poll(&polled, 1, 0) == 0 { return descriptor }
      Foundation.close(descriptor)
    }
    return nil
  }

  func keep(_ descriptor: Int32, for place: String) {
    kept.withLock { $0[place, default: []].append(descriptor) }
  }

  func close() {
    let all = kept.withLock { kept in
      let all = kept.values.flatMap { $0 }
      kept = [:]
      return all
    }
    for descriptor in all { Foundation.close(descriptor) }
  }
}
