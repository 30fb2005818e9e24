import PlystraCore

/// Admits so many requests to a host at a time; the others wait in the order in which they came.
///
/// It never runs code of others while it holds its lock: whoever gives a place back starts the request that
/// gets it.
final class RequestQueue<Request: Sendable>: Sendable {
  /// A place at a host, to be given back by ``leave(_:)`` exactly once.
  struct Place: Sendable {
    fileprivate let host: String
    fileprivate let number: Int
  }

  /// The requests of one host, numbered in the order in which they came. Nobody waits below the limit.
  private struct Host {
    var admitted: [Int: Request] = [:]
    var waiting: [Int: Request] = [:]
    /// No waiting request has a lower number.
    var front = 0
    var next = 0

    mutating func removeFirstWaiting() -> (number: Int, request: Request)? {
      while front < next {
        defer { front += 1 }
        if let request = waiting.removeValue(forKey: front) { return (front, request) }
      }
      return nil
    }
  }

  private struct State {
    var hosts: [String: Host] = [:]
    var isClosed = false
  }

  private let limit: Int
  private let state = Locked(State())

  /// Makes a queue that admits `limit` requests to each host.
  init(limit: Int) { self.limit = limit }

  /// Takes a place at a host, named by any text that tells it from others.
  ///
  /// - Returns: the place, and whether the request may be started now; nil if the queue is closed.
  func enter(_ request: Request, host name: String) -> (place: Place, isAdmitted: Bool)? {
    state.withLock { state in
      if state.isClosed { return nil }
      var host = state.hosts.removeValue(forKey: name) ?? Host()
      let number = host.next
      host.next += 1
      let isAdmitted = host.admitted.count < limit
      if isAdmitted {
        host.admitted[number] = request
        host.front = host.next
      } else {
        host.waiting[number] = request
      }
      state.hosts[name] = host
      return (Place(host: name, number: number), isAdmitted)
    }
  }

  /// Gives a place back, whether the request was admitted or still waiting.
  ///
  /// - Returns: the request that is admitted in its stead, to be started by the caller.
  func leave(_ place: Place) -> Request? {
    state.withLock { state in
      guard var host = state.hosts.removeValue(forKey: place.host) else { return nil }
      var successor: Request?
      if host.admitted.removeValue(forKey: place.number) == nil {
        host.waiting[place.number] = nil
      } else if let (number, request) = host.removeFirstWaiting() {
        host.admitted[number] = request
        successor = request
      }
      // Forget idle hosts: a process may speak to many in its life.
      if !host.admitted.isEmpty { state.hosts[place.host] = host }
      return successor
    }
  }

  /// Admits nobody from now on.
  ///
  /// - Returns: every request that holds a place; it still has to give it back.
  func close() -> [Request] {
    state.withLock { state in
      state.isClosed = true
      defer { state.hosts = [:] }
      return state.hosts.values.flatMap { Array($0.admitted.values) + Array($0.waiting.values) }
    }
  }
}
