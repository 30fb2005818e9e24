import Foundation
import PlystraCore

/// Whatever printing, logging, dumping, encoding or walking through a value may show, down to the errors beneath it.
struct Printout {
  private(set) var texts: [String] = []
  private var seen: Set<ObjectIdentifier> = []

  init(of value: Any) { walk(value, depth: 0) }

  /// Whether a text stands anywhere in it.
  func shows(_ text: String) -> Bool { texts.contains { $0.contains(text) } }

  /// A piece of it that shows a text, for a test's message.
  func firstShowing(_ text: String) -> String? { texts.first { $0.contains(text) } }

  private mutating func walk(_ value: Any, depth: Int) {
    if type(of: value) is AnyClass, !seen.insert(ObjectIdentifier(value as AnyObject)).inserted { return }
    if depth == 0 || value is any Error {
      var dumped = ""
      dump(value, to: &dumped)
      texts.append(dumped)
    }
    texts += [String(describing: value), String(reflecting: value)]
    describe(value)
    guard depth < 32 else { return }
    var mirror: Mirror? = Mirror(reflecting: value)
    while let level = mirror {
      for child in level.children {
        texts.append(child.label ?? "")
        walk(child.value, depth: depth + 1)
      }
      mirror = level.superclassMirror
    }
  }

  /// What a value offers beyond its fields.
  private mutating func describe(_ value: Any) {
    if let value = value as? any CustomStringConvertible { texts.append(value.description) }
    if let value = value as? any CustomDebugStringConvertible { texts.append(value.debugDescription) }
    if let value = value as? any Encodable, let data = try? JSONEncoder().encode(value) {
      texts.append(String(decoding: data, as: UTF8.self))
    }
    if let bytes = value as? [UInt8] { texts.append(String(decoding: bytes, as: UTF8.self)) }
    guard let error = value as? any Error else { return }
    texts += [error.localizedDescription, "\(error as NSError)", "\((error as NSError).userInfo)"]
    if let error = error as? any LocalizedError {
      texts += [error.errorDescription, error.failureReason, error.recoverySuggestion, error.helpAnchor]
        .compactMap { $0 }
    }
  }
}
