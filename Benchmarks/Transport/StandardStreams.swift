import Foundation

/// Standard input, read by a thread of its own, so that no thread of the pool waits for it.
enum StandardInput {
  /// The lines until the end.
  static func lines() -> AsyncStream<String> {
    AsyncStream { continuation in
      Thread.detachNewThread {
        while let line = readLine() { continuation.yield(line) }
        continuation.finish()
      }
    }
  }
}

/// Standard output, each line of which arrives at once.
enum StandardOutput {
  static func print(_ line: some CustomStringConvertible) {
    FileHandle.standardOutput.write(Data("\(line)\n".utf8))
  }
}
