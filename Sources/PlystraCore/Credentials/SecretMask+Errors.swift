/// Errors without what a server or proxy may have echoed.
extension SecretMask {
  /// The error with every text masked, and with its underlying error.
  ///
  /// Transports and interceptors throw errors of this type too, and may put into one what they were given.
  func masked(_ error: PlystraError) -> PlystraError {
    var error = error
    error.operation = masked(error.operation)
    error.message = masked(error.message)
    error.code = error.code.map { ErrorCode(rawValue: masked($0.rawValue)) }
    error.denyCode = error.denyCode.map { DenyCode(rawValue: masked($0.rawValue)) }
    error.details = error.details.map(masked)
    error.requestID = error.requestID.map(masked)
    error.traceID = error.traceID.map(masked)
    error.auditLogID = error.auditLogID.map(masked)
    error.underlyingError = error.underlyingError.map { masked($0) }
    return error
  }

  /// The error with its path masked, whose keys come from the response, and its reason, if others wrote that.
  func masked(_ error: JSONError) -> JSONError {
    let (reason, path) = (masked(error.reason), masked(error.path))
    return reason == error.reason
      ? error.at(path: path) : JSONError(reason: reason, offset: error.offset, path: path)
  }

  /// The error with its message masked, and with its underlying error.
  func masked(_ error: TransportError) -> TransportError {
    var error = error
    error.message = masked(error.message)
    error.underlyingError = error.underlyingError.map { masked($0) }
    return error
  }

  /// An error of whatever type: as it is, unless printing it in some way would show a credential.
  func masked(_ error: any Error) -> any Error {
    switch error {
    case let error as PlystraError: return masked(error)
    case let error as TransportError: return masked(error)
    case let error as JSONError: return masked(error)
    case let error as DecodingError: return masked(error)
    default:
      var shown = "\(error) \(String(reflecting: error)) "
      dump(error, to: &shown)
      return masked(shown) == shown ? error : MaskedError(description: masked("\(error)"))
    }
  }

  /// The error with its description and path masked, which may quote the response.
  func masked(_ error: DecodingError) -> DecodingError {
    switch error {
    case .typeMismatch(let type, let context): .typeMismatch(type, masked(context))
    case .valueNotFound(let type, let context): .valueNotFound(type, masked(context))
    case .keyNotFound(let key, let context): .keyNotFound(masked(key), masked(context))
    case .dataCorrupted(let context): .dataCorrupted(masked(context))
    @unknown default: .dataCorrupted(.init(codingPath: [], debugDescription: "the data does not fit"))
    }
  }

  private func masked(_ context: DecodingError.Context) -> DecodingError.Context {
    DecodingError.Context(
      codingPath: context.codingPath.map(masked), debugDescription: masked(context.debugDescription))
  }

  private func masked(_ key: any CodingKey) -> any CodingKey {
    MaskedKey(stringValue: masked(key.stringValue), intValue: key.intValue)
  }
}

extension ClientCore {
  /// A mask for all that must not appear in an error: what the client holds, the values of default headers that may
  /// be credentials by their names, and what else a call carries.
  func mask(_ others: [Secret]) -> SecretMask {
    let headers = configuration.defaultHeaders.filter { TransportHeaders.isSensitive($0.name) }
    return SecretMask(credentials.secrets + headers.flatMap { Self.secrets(inHeader: $0.value) } + others)
  }

  /// Shorter parts of a header's value are names of schemes and parameters.
  private static let shortestPart = 8

  /// The value of a header field, and the parts of it that may be a credential by themselves, such as the second word
  /// of `Token abc`.
  private static func secrets(inHeader value: String) -> [Secret] {
    let words = value.split { " ;,\"".contains($0) }
    let values = words.compactMap { word in word.firstIndex(of: "=").map { word[$0...].dropFirst() } }
    return [Secret(value)]
      + (words + values).filter { $0.utf8.count >= shortestPart }.map { Secret(String($0)) }
  }
}

/// What is left of an error that would show a credential.
private struct MaskedError: Error, CustomStringConvertible {
  let description: String
}

private struct MaskedKey: CodingKey {
  let stringValue: String
  let intValue: Int?

  init(stringValue: String, intValue: Int?) {
    self.stringValue = stringValue
    self.intValue = intValue
  }
  init(stringValue: String) { self.init(stringValue: stringValue, intValue: nil) }
  init(intValue: Int) { self.init(stringValue: String(intValue), intValue: intValue) }
}
