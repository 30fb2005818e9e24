#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A file that is to appear whole or not at all.
struct NewFile: Sendable {
  let path: String
  /// Whether it may take the place of another.
  let overwrites: Bool

  /// The folder that it will be in.
  private var folder: String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  private var name: Substring { path.lastIndex(of: "/").map { path[path.index(after: $0)...] } ?? path[...] }

  /// Checks, as far as it can be known beforehand, that the file can be written.
  func check() throws(RecordingError) {
    guard !name.isEmpty else { throw error("give the path of a file, such as Fixtures/session.har") }
    var status = stat()
    guard stat(folder, &status) == 0 else {
      throw error("the folder \(folder) cannot be read (\(Self.systemMessage())): create it first")
    }
    guard status.st_mode & S_IFMT == S_IFDIR else { throw error("\(folder) is not a folder") }
    guard access(folder, W_OK) == 0 else { throw error("the folder \(folder) cannot be written to") }
    guard lstat(path, &status) == 0 else { return }
    guard status.st_mode & S_IFMT != S_IFDIR else { throw error("it is a folder") }
    guard overwrites else { throw exists }
  }

  /// Writes the file: beside its place first, and then into it in one step.
  func write(_ bytes: [UInt8]) throws(RecordingError) {
    try check()
    let temporary = "\(folder)/.\(name).\(RandomHex.digits(16)).tmp"
    try write(bytes, toTemporary: temporary)
    defer { _ = unlink(temporary) }
    guard overwrites else {
      // A link, unlike a renaming, never takes another file's place.
      guard link(temporary, path) != 0 else { return }
      if errno == EEXIST { throw exists }
      throw error("it cannot be put in place (\(Self.systemMessage()))")
    }
    guard rename(temporary, path) == 0 else {
      throw error("it cannot be put in place (\(Self.systemMessage()))")
    }
  }

  private func write(_ bytes: [UInt8], toTemporary temporary: String) throws(RecordingError) {
    let descriptor = open(temporary, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw error("nothing can be written beside it (\(Self.systemMessage()))") }
    var failure: String?
    var rest = bytes[...]
    while !rest.isEmpty, failure == nil {
      let count = rest.withUnsafeBytes { systemWrite(descriptor, $0.baseAddress, $0.count) }
      if count > 0 { rest = rest.dropFirst(count) } else if errno != EINTR { failure = Self.systemMessage() }
    }
    if failure == nil, fsync(descriptor) != 0 { failure = Self.systemMessage() }
    if close(descriptor) != 0, failure == nil { failure = Self.systemMessage() }
    guard let failure else { return }
    _ = unlink(temporary)
    throw error("it cannot be written (\(failure))")
  }

  private var exists: RecordingError {
    error("it exists already: delete it, or record with overwriting: true")
  }

  private func error(_ reason: String) -> RecordingError { RecordingError(path: path, reason: reason) }

  private static func systemMessage() -> String { String(cString: strerror(errno)) }
}

/// The system's `write`, whose name a method of this file has too.
private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
  write(descriptor, bytes, count)
}
