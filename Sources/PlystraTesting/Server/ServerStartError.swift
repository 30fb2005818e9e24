import PlystraCore

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Why a server could not begin to listen.
public struct ServerStartError: Error, Sendable, CustomStringConvertible {
  /// The port that was asked for.
  public let port: Int
  /// What went wrong and what to do about it.
  public let message: String

  /// The message.
  public var description: String { OneLine.text(message) }

  init(port: Int, message: String) {
    self.port = port
    self.message = message
  }

  /// Explains a failed system call.
  init(port: Int, errorNumber: Int32) {
    let reason = String(cString: strerror(errorNumber))
    let advice =
      switch errorNumber {
      case EADDRINUSE: "choose another port, or 0 for a free one"
      case EACCES, EPERM: "ports below 1024 need privileges; choose another port, or 0 for a free one"
      default: "the system refused the socket"
      }
    self.init(port: port, message: "cannot listen on 127.0.0.1:\(port): \(reason); \(advice)")
  }
}
