/// Why a text is not the JSON that was expected, and where.
///
/// It never quotes a value, which might be a credential; the path names keys only.
public struct JSONError: Error, Sendable, Hashable {
  /// The cause in words.
  public let reason: String
  /// The offset of the cause in bytes from the start of the text.
  public let offset: Int
  /// The keys and indexes that lead to the cause, such as `data.grants[2].scope`; empty at the top.
  public private(set) var path: String
  /// Whether a key stood twice where a decision depends on it, which a lenient reading must not excuse.
  package let isRepeatedKey: Bool
  /// Whether the text ended before its value did, as when an answer is cut off.
  package let isPremature: Bool

  /// Makes an error of its parts.
  public init(reason: String, offset: Int, path: String = "") {
    self.reason = reason
    self.offset = offset
    self.path = path
    isRepeatedKey = false
    isPremature = false
  }

  /// Finds the path of a fault in the text it is about.
  init(_ fault: JSONFault, in bytes: some RandomAccessCollection<UInt8>) {
    reason = fault.reason
    offset = fault.offset
    path = JSONPath.path(of: fault.offset, in: bytes)
    isRepeatedKey = fault.isRepeatedKey
    isPremature = fault.isPremature
  }

  /// The same error at another path, for one whose keys must not be shown as they are.
  package func at(path: String) -> JSONError {
    var error = self
    error.path = path
    return error
  }
}

extension JSONError: CustomStringConvertible {
  /// Cause, path and offset on one line.
  public var description: String {
    let cause = "\(OneLine.text(reason)) (at byte \(offset))"
    return path.isEmpty ? cause : "\(OneLine.text(path)): \(cause)"
  }
}

/// What reading throws; it becomes a ``JSONError`` with a path once, where reading began.
package struct JSONFault: Error {
  var reason: String
  var offset: Int
  var isRepeatedKey = false
  var isPremature = false
}
