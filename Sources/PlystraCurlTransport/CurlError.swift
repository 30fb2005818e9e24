import PlystraCore

/// What libcurl said about a transfer that failed: the cause beneath a `TransportError` of ``CurlTransport``.
public struct CurlError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The number of the `CURLcode`.
  public let code: Int
  /// libcurl's text for it, without credentials.
  public let message: String

  /// Makes an error of its parts.
  public init(code: Int, message: String) {
    self.code = code
    self.message = message
  }

  /// Code and message on one line.
  public var description: String { "libcurl error \(code): \(OneLine.text(message))" }
}
