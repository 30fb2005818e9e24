public import PlystraModels

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
  /// The proxy to go through; nil goes straight to the host.
  public var proxy: Proxy?
  /// The path of a PEM file with the certificate authorities to trust, and no others; nil trusts the system's.
  public var certificateAuthorities: String?
  /// The certificate to show to servers that ask for one.
  public var clientCertificate: ClientCertificate?
  /// The versions of HTTP to speak.
  public var httpVersion: HTTPVersion
  /// Whether a transport starts while the environment variable `SSLKEYLOGFILE` is set, for a file to which libcurl writes
  /// the keys of TLS connections.
  ///
  /// Off by default: whoever reads the file can read, and forge, every request and response of these connections.
  public var allowsTLSKeyLog: Bool

  /// Makes settings. By default: 32 connections a host, no separate time to connect, no proxy, the system's certificate
  /// authorities, no client certificate, the newest version that both sides speak and no log of TLS keys.
  public init(
    connectionsPerHost: Int = 32,
    connectTimeout: Duration? = nil,
    usesEnvironmentProxy: Bool = false,
    proxy: Proxy? = nil,
    certificateAuthorities: String? = nil,
    clientCertificate: ClientCertificate? = nil,
    httpVersion: HTTPVersion = .negotiated,
    allowsTLSKeyLog: Bool = false
  ) {
    self.connectionsPerHost = connectionsPerHost
    self.connectTimeout = connectTimeout
    self.usesEnvironmentProxy = usesEnvironmentProxy
    self.proxy = proxy
    self.certificateAuthorities = certificateAuthorities
    self.clientCertificate = clientCertificate
    self.httpVersion = httpVersion
    self.allowsTLSKeyLog = allowsTLSKeyLog
  }
}

extension TransportConfiguration {
  /// An HTTP proxy. To https hosts it is asked for a tunnel (CONNECT), in which it sees nothing.
  public struct Proxy: Sendable, Hashable {
    /// `http://host:port` or `https://host:port`, without credentials.
    public var url: String
    /// The name to log in at the proxy with; nil does not log in.
    public var username: String?
    /// The password that goes with it.
    public var password: Secret?

    /// Makes a proxy.
    public init(url: String, username: String? = nil, password: Secret? = nil) {
      self.url = url
      self.username = username
      self.password = password
    }
  }

  /// A certificate with its private key.
  public struct ClientCertificate: Sendable, Hashable {
    /// The path of a PEM file with the certificate and those that lead to its authority.
    public var certificate: String
    /// The path of a PEM file with the private key.
    public var privateKey: String
    /// What the private key is encrypted with, if it is.
    public var passphrase: Secret?

    /// Makes a client certificate.
    public init(certificate: String, privateKey: String, passphrase: Secret? = nil) {
      self.certificate = certificate
      self.privateKey = privateKey
      self.passphrase = passphrase
    }
  }

  /// A choice of versions of HTTP: an open set, so that a later version can offer more.
  public struct HTTPVersion: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
    /// The name of the choice.
    public let rawValue: String
    /// Makes a choice of its name.
    public init(rawValue: String) { self.rawValue = rawValue }
    /// The name of the choice.
    public var description: String { OneLine.text(rawValue) }

    /// HTTP/2 with https servers that offer it, HTTP/1.1 else.
    public static let negotiated = HTTPVersion(rawValue: "negotiated")
    /// HTTP/1.1 only.
    public static let http1 = HTTPVersion(rawValue: "http1")
  }
}
