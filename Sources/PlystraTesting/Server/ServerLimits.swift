/// How much and how long a server puts up with.
package struct ServerLimits: Sendable {
  /// The largest request head, from the request line to the empty line, in bytes; more is answered with 431.
  package var maximumHeadBytes = 64 << 10
  /// The largest request body in bytes; more is answered with 413.
  ///
  /// Above the service's own limit of 1 MiB (contract §7), so that the handler can give the service's answer.
  package var maximumBodyBytes = 2 << 20
  /// The most connections at once; further ones wait to be accepted.
  package var maximumConnections = 4096
  /// How long a connection may rest between requests (contract §7).
  package var idleTimeout: Duration = .seconds(120)
  /// How long a request may take to arrive, from its first byte to its last.
  package var requestTimeout: Duration = .seconds(30)
  /// How long a client may take to make room for more of an answer.
  package var writeTimeout: Duration = .seconds(30)
  /// How long to read on after a connection's last answer, so that closing does not destroy it on its way.
  package var lingerTimeout: Duration = .seconds(1)

  /// Limits fit for a service on loopback.
  package init() {}
}
