/// Errors without what a server or proxy may have echoed.
extension SecretMask {
  /// The error with its path masked, whose keys come from the answer.
  func masked(_ error: JSONError) -> JSONError { error.at(path: masked(error.path)) }

  /// The error with its message masked, and what lies beneath.
  func masked(_ error: TransportError) -> TransportError {
    var error = error
    error.message = masked(error.message)
    error.underlyingError = error.underlyingError.map { masked($0) }
    return error
  }

  /// An error of whatever type: as it is, unless printing it in some way would show a credential.
  func masked(_ error: any Error) -> any Error {
    switch error {
    case let error as TransportError: return masked(error)
    case let error as JSONError: return masked(error)
    case let error as DecodingError: return masked(error)
    default:
      var shown = "\(error) \(String(reflecting: error)) "
      dump(error, to: &shown)
      return masked(shown) == shown ? error : MaskedError(description: masked("\(error)"))
    }
  }

  /// The error with its description and path masked, which may quote the answer.
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
