import Foundation
import PlystraCore
import PlystraTesting

/// Reads the seed file, so that every complaint names it.
enum SeedFile {
  /// Why a seed file cannot be used.
  struct Fault: Error, CustomStringConvertible {
    let description: String

    init(description: String) { self.description = OneLine.text(description, atMost: .max) }
  }

  static func read(_ path: String) throws(Fault) -> KernelSeed {
    let bytes: Data
    do {
      bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    } catch {
      throw Fault(description: "cannot read the seed file \(path): \(reason(error))")
    }
    do {
      return try KernelSeed(parsing: bytes)
    } catch {
      throw Fault(description: "seed file \(path): \(error)")
    }
  }

  private static func reason(_ error: any Error) -> String {
    switch (error as? CocoaError)?.code {
    case .fileReadNoSuchFile?, .fileNoSuchFile?: "there is no such file"
    case .fileReadNoPermission?: "permission denied"
    default: "it is not a readable file"
    }
  }
}
