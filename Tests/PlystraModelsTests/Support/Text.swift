import PlystraCore
import PlystraModels

extension Array where Element == UInt8 {
  /// The UTF-8 bytes of a text.
  init(text: String) { self.init(text.utf8) }
  /// The bytes as text.
  var text: String { String(decoding: self, as: UTF8.self) }
}

/// The value of a text, read strictly.
func json(_ text: String) throws -> JSONValue { try JSONValue(parsing: text.utf8) }

/// Why a text is refused, or nil if it is read.
func refusal(of text: String) -> JSONError? { refusal(of: Array(text.utf8)) }

/// Why some bytes are refused, or nil if they are read.
func refusal(of bytes: [UInt8]) -> JSONError? {
  failure { _ = try JSONValue(parsing: bytes) }
}

/// The `JSONError` that `body` throws, or nil if it throws none.
func failure(_ body: () throws -> Void) -> JSONError? {
  do {
    try body()
    return nil
  } catch {
    return error as? JSONError
  }
}
