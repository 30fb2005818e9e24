/// Turns what a call sends into bytes, within what the service accepts.
enum RequestBody {
  /// The largest body that the service accepts (contract §7).
  static let maximumBytes = 1 << 20

  /// The bytes of a value.
  ///
  /// - Parameter field: how an error names the value as a whole; what lies in it is named by its path.
  /// - Throws: ``PlystraError`` of kind `invalidRequest`, for a number that JSON cannot express or a body that is too
  ///   large.
  static func bytes(of value: some WireValue, operation: String, field: String? = nil) throws -> [UInt8] {
    try bytes(operation: operation, field: field) { value.write(to: &$0) }
  }

  /// The bytes of an object, whose fields `write` writes.
  ///
  /// - Throws: as ``bytes(of:operation:field:)``.
  static func object(operation: String, _ write: (inout JSONWriter) -> Void) throws -> [UInt8] {
    try bytes(operation: operation, field: nil) { writer in
      writer.beginObject()
      write(&writer)
      writer.endObject()
    }
  }

  private static func bytes(
    operation: String, field: String?, _ write: (inout JSONWriter) -> Void
  ) throws -> [UInt8] {
    do {
      let bytes = try JSONWriter.write(write)
      guard bytes.count > maximumBytes else { return bytes }
      throw PlystraError.invalidRequest(
        field ?? "body", "it has \(bytes.count) bytes; the service accepts \(maximumBytes)",
        operation: operation)
    } catch let error as JSONError {
      let place = [field, error.path].compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: ".")
      throw PlystraError.invalidRequest(place.isEmpty ? "body" : place, error.reason, operation: operation)
    }
  }
}
