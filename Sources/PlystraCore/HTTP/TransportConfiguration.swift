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
  /// The proxy to use; nil connects to the host itself.
  public var proxy: Proxy?
  /// The path of a Unix-domain socket to which all requests are sent, whatever host their URL names, such as that of a
  /// sidecar; nil connects by TCP.
  ///
  /// What is sent stays on this machine, so `http://localhost` is the base URL to use. Absolute, at most 103 bytes.
  public var unixSocketPath: String?
  /// The certificate authorities to trust, and no others; nil trusts the system's.
  public var certificateAuthorities: PEM?
  /// The certificate to show to servers that ask for one.
  public var clientCertificate: ClientCertificate?
  /// How long a connection is used, 1 s or more; requests after that use a new one, and those under way finish. Nil sets no
  /// limit.
  ///
  /// Without a limit, a busy connection never notices that a load balancer, a DNS record or a certificate has changed.
  public var maximumConnectionAge: Duration?
  /// The versions of HTTP to speak.
  public var httpVersion: HTTPVersion
  /// Whether a transport starts while the environment variable `SSLKEYLOGFILE` is set, for a file to which libcurl writes
  /// the keys of TLS connections.
  ///
  /// Off by default: whoever reads the file can read, and forge, every request and response of these connections.
  public var allowsTLSKeyLog: Bool

  /// Creates settings. By default: 32 connections a host, each used for 5 minutes, no separate time to connect, no proxy,
  /// TCP, the system's certificate authorities, no client certificate, the newest version that both sides speak and no log
  /// of TLS keys.
  public init(
    connectionsPerHost: Int = 32,
    connectTimeout: Duration? = nil,
    maximumConnectionAge: Duration? = .seconds(300),
    usesEnvironmentProxy: Bool = false,
    proxy: Proxy? = nil,
    unixSocketPath: String? = nil,
    certificateAuthorities: PEM? = nil,
    clientCertificate: ClientCertificate? = nil,
    httpVersion: HTTPVersion = .negotiated,
    allowsTLSKeyLog: Bool = false
  ) {
    self.connectionsPerHost = connectionsPerHost
    self.connectTimeout = connectTimeout
    self.maximumConnectionAge = maximumConnectionAge
    self.usesEnvironmentProxy = usesEnvironmentProxy
    self.proxy = proxy
    self.unixSocketPath = unixSocketPath
    self.certificateAuthorities = certificateAuthorities
    self.clientCertificate = clientCertificate
    self.httpVersion = httpVersion
    self.allowsTLSKeyLog = allowsTLSKeyLog
  }
}

extension TransportConfiguration {
  /// An HTTP proxy. For https hosts it opens a tunnel (CONNECT), in which it sees nothing.
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

  /// Certificates or a private key in PEM, in a file or in memory. Printed without the text.
  public struct PEM: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
  {
    package enum Source: Sendable, Hashable {
      case file(String)
      case text(Secret)
    }

    package let source: Source

    /// A file, which is read for each new connection or once an hour, depending on the transport.
    ///
    /// - Parameter path: its path; the file must be readable when the transport is made.
    public static func file(_ path: String) -> PEM { PEM(source: .file(path)) }

    /// The text itself, with its `-----BEGIN …-----` lines.
    public static func text(_ text: Secret) -> PEM { PEM(source: .text(text)) }

    /// `file` with its path, or `text`.
    public var description: String {
      switch source {
      case .file(let path): "file \(OneLine.text(path))"
      case .text: "text"
      }
    }
    /// The same as `description`.
    public var debugDescription: String { description }
    /// Shows nothing beyond `description`.
    public var customMirror: Mirror { Mirror(self, children: []) }
  }

  /// A certificate with its private key.
  public struct ClientCertificate: Sendable, Hashable {
    /// The certificate and those that lead to its authority.
    public var certificate: PEM
    /// The private key.
    public var privateKey: PEM
    /// What the private key is encrypted with, if it is.
    public var passphrase: Secret?

    /// Creates a client certificate.
    public init(certificate: PEM, privateKey: PEM, passphrase: Secret? = nil) {
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

    /// HTTP/2 with https servers that offer it, else HTTP/1.1.
    public static let negotiated = HTTPVersion(rawValue: "negotiated")
    /// HTTP/1.1 only.
    public static let http1 = HTTPVersion(rawValue: "http1")
  }
}
