extension CurlTransport {
  /// What a transport's connections and requests were like at one instant.
  public struct Statistics: Sendable, Hashable {
    /// One host, and what a transport has for it.
    public struct Host: Sendable, Hashable {
      /// Scheme, host and, unless it is that of the scheme, port.
      public let origin: String
      /// Connections that are open or being opened.
      public internal(set) var openConnections: Int
      /// Connections of those that no request uses. With libcurl older than 7.80, and over a Unix-domain socket, zero.
      public internal(set) var idleConnections: Int
      /// Requests that were started and have not ended.
      public internal(set) var requestsUnderWay: Int
      /// Requests that wait for a connection.
      public internal(set) var waitingRequests: Int
    }

    /// The hosts that there are requests for, or were lately, in the order of their names.
    public let hosts: [Host]

    /// Adds up what several loops have.
    init(_ parts: [Host]) {
      var hosts: [String: Host] = [:]
      for part in parts {
        guard var host = hosts[part.origin] else {
          hosts[part.origin] = part
          continue
        }
        host.openConnections += part.openConnections
        host.idleConnections += part.idleConnections
        host.requestsUnderWay += part.requestsUnderWay
        host.waitingRequests += part.waitingRequests
        hosts[part.origin] = host
      }
      self.hosts = hosts.values.sorted { $0.origin < $1.origin }
    }
  }
}

extension HostTable {
  /// What each host has.
  func statistics(_ connections: ConnectionTable) -> [CurlTransport.Statistics.Host] {
    allSlots.map { slot in
      let host = self[slot]
      let counts = connections.counts(of: host.origin)
      return .init(
        origin: host.origin, openConnections: counts.open, idleConnections: counts.idle,
        requestsUnderWay: host.runningCount, waitingRequests: host.waitingCount)
    }
  }
}
