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

  /// In small letters.
  var text: String { String(decoding: url.utf8.prefix(length), as: UTF8.self).lowercased() }

  /// Whether this is, letter for letter, an origin; one in capital letters may be it all the same.
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
