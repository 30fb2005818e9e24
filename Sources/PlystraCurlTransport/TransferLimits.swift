import PlystraCore

/// The configuration of a transport, checked and in the units of libcurl.
struct TransferLimits: Sendable {
  /// The most connections to one host, idle ones included.
  private(set) var connectionsPerHost: Int
  /// Milliseconds to resolve, connect and finish the TLS handshake.
  let connectTimeout: Int32
  /// Seconds for which an idle connection may be used again. The service closes idle connections after 120
  /// (contract §7): it must never be first.
  var idleSeconds = 115
  /// Seconds for which a connection is used; nil without a limit.
  let maximumAgeSeconds: Int?
  let usesEnvironmentProxy: Bool
  var network: NetworkSettings

  /// The most idle connections to all hosts together, and the most idle easy handles.
  var pooledConnections: Int { 4 * connectionsPerHost }

  /// - Throws: ``PlystraError`` of kind `configuration`, naming the setting that is out of range.
  init(_ configuration: TransportConfiguration) throws(PlystraError) {
    guard (1...1024).contains(configuration.connectionsPerHost) else {
      throw .configuration(
        "connectionsPerHost", "is \(configuration.connectionsPerHost); choose a number from 1 to 1024")
    }
    if let timeout = configuration.connectTimeout, timeout < .milliseconds(1) {
      throw .configuration(
        "connectTimeout", "is \(timeout); choose 1 ms or more, or nil for no limit of its own")
    }
    if let age = configuration.maximumConnectionAge, age < .seconds(1) {
      throw .configuration("maximumConnectionAge", "is \(age); choose 1 s or more, or nil for no limit")
    }
    connectionsPerHost = configuration.connectionsPerHost
    maximumAgeSeconds = configuration.maximumConnectionAge.map { Int($0.millisecondsForLibcurl) / 1000 }
    connectTimeout = configuration.connectTimeout?.millisecondsForLibcurl ?? .max
    usesEnvironmentProxy = configuration.usesEnvironmentProxy
    network = try NetworkSettings(configuration)
  }

  /// The limits of one of several loops, which divide the connections to a host among them.
  func share(of number: Int, in count: Int) -> TransferLimits {
    var share = self
    share.connectionsPerHost = connectionsPerHost / count + (number < connectionsPerHost % count ? 1 : 0)
    return share
  }
}
