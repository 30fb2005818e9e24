package import PlystraCore

/// What answers the requests of a server.
package struct ServerHandler: Sendable {
  /// Answers one request; called for many requests at once, one at a time for each connection.
  ///
  /// The request's URL is absolute; its headers lack `Host` and what concerns only the connection. `Date`
  /// and the body's framing are added to the answer. The task is cancelled when the client is gone or the
  /// server stops. Without an answer the connection is closed.
  package typealias Respond =
    @Sendable (_ request: TransportRequest, _ remoteAddress: String) async -> TransportResponse?

  let respond: Respond

  /// Makes a handler of a closure.
  package init(_ respond: @escaping Respond) { self.respond = respond }
}
