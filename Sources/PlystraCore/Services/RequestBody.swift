/// Turns what a call sends into bytes, within what the service accepts.
enum RequestBody {
  /// The largest body that the service accepts (contract §7).
  static let maximumBytes = 1 << 20

  /// - Throws: ``PlystraError`` of kind `invalidRequest`, for a number that JSON cannot express or a body that is too
  ///   large.
  static func bytes(of model: some WireModel, operation: String) throws -> [UInt8] {
    var refusal: PlystraError
    do {
      let bytes = try model.serialized()
      if bytes.count <= maximumBytes { return bytes }
      refusal = .invalidRequest("body", "it has \(bytes.count) bytes; the service accepts \(maximumBytes)")
    } catch let error as JSONError {
      refusal = .invalidRequest(error.path.isEmpty ? "body" : error.path, error.reason)
    }
    refusal.operation = operation
    throw refusal
  }
}
