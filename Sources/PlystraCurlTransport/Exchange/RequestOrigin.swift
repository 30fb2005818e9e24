#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Scheme and authority of a URL: requests of the same origin share connections.
///
/// A part of the URL, so that none but a request to a new host makes a string of it.
struct RequestOrigin: Sendable {
  /// The URL, in ASCII.
  let url: String
  /// How many of its bytes are scheme and authority.
  let length: Int

  /// Whether the scheme is `http`; the other one is `https`.
  var isPlain: Bool { url.utf8.dropFirst(4).first == UInt8(ascii: ":") }

  /// As the URL has it.
  var spelling: String { String(decoding: url.utf8.prefix(length), as: UTF8.self) }

  /// The same for every spelling: in small letters, and without the scheme's own port.
  var key: String {
    let key = spelling.lowercased()
    let port = isPlain ? ":80" : ":443"
    return key.hasSuffix(port) ? String(key.dropLast(port.utf8.count)) : key
  }

  /// Whether this is, letter for letter, an origin; another spelling may be the same one.
  func isWritten(_ origin: String) -> Bool {
    origin.utf8.count == length
      && url.utf8.withContiguousStorageIfAvailable { url in
        origin.utf8.withContiguousStorageIfAvailable { origin in
          guard let left = url.baseAddress, let right = origin.baseAddress else { return false }
          // Both have `length` bytes: the check of the URL counted them.
          return memcmp(left, right, length) == 0
        } ?? false
      } ?? false
  }
}
