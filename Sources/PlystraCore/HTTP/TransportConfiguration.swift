/// Settings that every networking transport takes.
///
/// A transport whose platform cannot honour a setting refuses it when it is made, naming the setting.
public struct TransportConfiguration: Sendable {
  /// The most connections to one host, 1…1,024; further requests wait for a free one, in order.
  ///
  /// Waiting counts against the request's timeout.
  public var connectionsPerHost: Int
  /// Time to resolve, connect and finish the TLS handshake, 1 ms or more; nil leaves it to the request's timeout.
  public var connectTimeout: Duration?
  /// Whether `http_proxy`, `https_proxy`, `all_proxy` and `no_proxy` in the environment are obeyed.
  ///
  /// Off by default: a proxy that an environment slipped in would see every authorization request.
  public var usesEnvironmentProxy: Bool

  /// Makes settings: 32 connections a host, no separate time to connect, no proxy, if not said otherwise.
  public init(
    connectionsPerHost: Int = 32,
    connectTimeout: Duration? = nil,
    usesEnvironmentProxy: Bool = false
  ) {
    self.connectionsPerHost = connectionsPerHost
    self.connectTimeout = connectTimeout
    self.usesEnvironmentProxy = usesEnvironmentProxy
  }
}
