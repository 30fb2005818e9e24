import PlystraCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A value within a seed file together with the path that led to it.
struct SeedNode {
  let value: JSONValue
  let path: String

  func fault(_ reason: String) -> KernelSeedError { KernelSeedError(path: path, reason: reason) }

  private func mismatch(_ expected: String) -> KernelSeedError {
    fault("expected \(expected), found \(value.kindName)")
  }

  /// The elements of an array.
  func elements() throws(KernelSeedError) -> [SeedNode] {
    guard case .array(let elements) = value else { throw mismatch("an array") }
    return elements.enumerated().map { SeedNode(value: $1, path: "\(path)[\($0)]") }
  }

  /// The members of an object, in order, under whatever keys.
  func members() throws(KernelSeedError) -> [(key: String, node: SeedNode)] {
    guard case .object(let object) = value else { throw mismatch("an object") }
    return object.map { ($0.key, SeedNode(value: $0.value, path: child($0.key))) }
  }

  /// The value as an object that has no keys but these.
  func object(_ known: String...) throws(KernelSeedError) -> SeedObject {
    for (key, node) in try members() where !known.contains(key) {
      throw node.fault("there is no such key; known are \(known.joined(separator: ", "))")
    }
    return SeedObject(node: self)
  }

  /// A string that is not blank.
  func text() throws(KernelSeedError) -> String {
    guard case .string(let text) = value else { throw mismatch("a string") }
    guard text.nonBlank != nil else { throw fault("expected a string that is not blank") }
    return text
  }

  func boolean() throws(KernelSeedError) -> Bool {
    guard case .bool(let flag) = value else { throw mismatch("true or false") }
    return flag
  }

  func timestamp() throws(KernelSeedError) -> Date {
    guard let date = Timestamp.date(from: try text()) else {
      throw fault("expected a timestamp such as \"2026-05-05T00:00:00Z\"")
    }
    return date
  }

  func child(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }
}

/// An object of a seed file whose keys are known to be allowed.
struct SeedObject {
  let node: SeedNode

  /// The value of a key, nil if it is absent.
  func optional(_ key: String) -> SeedNode? {
    node.value[key].map { SeedNode(value: $0, path: node.child(key)) }
  }

  /// The value of a key that must be there.
  func required(_ key: String) throws(KernelSeedError) -> SeedNode {
    guard let child = optional(key) else {
      throw KernelSeedError(path: node.child(key), reason: "is required")
    }
    return child
  }

  func text(_ key: String) throws(KernelSeedError) -> String { try required(key).text() }

  func text(_ key: String, default fallback: String) throws(KernelSeedError) -> String {
    try optional(key)?.text() ?? fallback
  }

  func optionalText(_ key: String) throws(KernelSeedError) -> String? { try optional(key)?.text() }
}
