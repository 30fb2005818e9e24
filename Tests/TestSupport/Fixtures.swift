import Foundation

/// Reads the sample bodies and decision vectors that several test targets share.
package enum Fixtures {
  /// A failure to find a file, which means that the test itself is wrong.
  package struct Missing: Error, CustomStringConvertible {
    let name: String
    package var description: String { "there is no fixture \(name) in Tests/TestSupport" }
  }

  /// The bytes of `Fixtures/NAME.json`.
  package static func body(_ name: String) throws -> [UInt8] {
    try contents(of: "Fixtures/\(name).json")
  }

  /// The bytes of `Samples/NAME.json`, which is no body.
  package static func sample(_ name: String) throws -> [UInt8] {
    try contents(of: "Samples/\(name).json")
  }

  /// The names of all sample bodies, without `.json`.
  package static func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: directory("Fixtures").path)
      .filter { $0.hasSuffix(".json") }
      .map { String($0.dropLast(5)) }
      .sorted()
  }

  /// The lines of `Vectors/NAME.jsonl`, each one JSON object.
  package static func vectors(_ name: String) throws -> [[UInt8]] {
    try contents(of: "Vectors/\(name).jsonl").split(separator: UInt8(ascii: "\n")).map(Array.init)
  }

  private static func directory(_ name: String) -> URL {
    Bundle.module.bundleURL.appendingPathComponent(name)
  }

  private static func contents(of path: String) throws -> [UInt8] {
    guard let data = FileManager.default.contents(atPath: directory(path).path) else {
      throw Missing(name: path)
    }
    return Array(data)
  }
}
