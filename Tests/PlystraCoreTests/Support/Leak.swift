import PlystraCore

/// Whether any way of printing a value shows a text: its descriptions, a dump, and a walk of all that it holds,
/// down to the errors beneath it.
func leaks(_ value: Any, _ secret: String) -> Bool { printings(of: value).contains { $0.contains(secret) } }

/// Whatever printing a value may show.
func printings(of value: Any, depth: Int = 0) -> [String] {
  var dumped = ""
  dump(value, to: &dumped)
  var texts = [String(describing: value), String(reflecting: value), "\(value)", dumped]
  guard depth < 16 else { return texts }
  for child in Mirror(reflecting: value).children {
    texts.append(child.label ?? "")
    texts += printings(of: child.value, depth: depth + 1)
  }
  if let error = value as? PlystraError {
    texts += [error.message, error.code?.rawValue ?? "", error.details?.description ?? ""]
    if let cause = error.underlyingError { texts += printings(of: cause, depth: depth + 1) }
  }
  if let error = value as? TransportError, let cause = error.underlyingError {
    texts += printings(of: cause, depth: depth + 1)
  }
  return texts
}
