import Foundation
import PlystraCore

/// A program of this package, run as a person would run it.
final class Executable: Sendable {
  /// What a program left when it ended.
  struct Outcome: Sendable {
    let status: Int32
    let output: String
    let complaint: String
  }

  /// A program that does not do what its test waits for.
  struct Silence: Error, CustomStringConvertible {
    let description: String
  }

  private let process: Locked<Process>
  private let output: Collector
  private let complaint: Collector
  private let ended: AsyncStream<Int32>

  /// What the programs of a test run under a sanitizer are told, as this one was.
  private static let sanitizerOptions = ProcessInfo.processInfo.environment.filter {
    ["ASAN_OPTIONS", "LSAN_OPTIONS", "TSAN_OPTIONS"].contains($0.key)
  }

  /// Starts a program with the given environment and nothing else of this one's.
  init(_ name: String, _ arguments: [String] = [], environment: [String: String] = [:]) throws {
    let process = Process()
    process.executableURL = Self.folder.appendingPathComponent(name)
    process.arguments = arguments
    process.environment = environment.merging(Self.sanitizerOptions) { given, _ in given }
    let (outputPipe, complaintPipe) = (Pipe(), Pipe())
    process.standardOutput = outputPipe
    process.standardError = complaintPipe
    process.standardInput = FileHandle.nullDevice
    let (stream, continuation) = AsyncStream<Int32>.makeStream()
    process.terminationHandler = { process in
      continuation.yield(
        process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus)
      continuation.finish()
    }
    ended = stream
    try process.run()
    self.process = Locked(process)
    output = Collector(outputPipe.fileHandleForReading)
    complaint = Collector(complaintPipe.fileHandleForReading)
  }

  /// Runs a program to its end.
  static func run(
    _ name: String, _ arguments: [String] = [], environment: [String: String] = [:]
  ) async throws -> Outcome {
    try await Executable(name, arguments, environment: environment).outcome()
  }

  /// Waits for the end.
  func outcome() async throws -> Outcome {
    for await status in ended {
      return Outcome(status: status, output: try await output.all(), complaint: try await complaint.all())
    }
    throw CancellationError()
  }

  /// Waits for the first line on standard output.
  func firstLine() async throws -> String { try await output.firstLine() }

  /// Sends a signal.
  func signal(_ number: Int32) { process.withLock { _ = kill($0.processIdentifier, number) } }

  /// The folder of the package's programs: that of the test bundle.
  private static var folder: URL {
    let bundle = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") } ?? .main
    return bundle.bundlePath.hasSuffix(".xctest")
      ? bundle.bundleURL.deletingLastPathComponent()
      : URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
  }
}

/// Takes in what a program writes.
private final class Collector: Sendable {
  private struct State: Sendable {
    var bytes: [UInt8] = []
    var isComplete = false
    var waiting: [@Sendable () -> Void] = []
  }

  private let state = Locked(State())

  init(_ handle: FileHandle) {
    let descriptor = handle.fileDescriptor
    let thread = Thread { [state] in
      // Holds the handle, which would otherwise close.
      withExtendedLifetime(handle) {
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while true {
          let count = read(descriptor, &buffer, buffer.count)
          let waiting = state.withLock { state in
            if count > 0 { state.bytes += buffer[..<count] } else { state.isComplete = true }
            defer { state.waiting = [] }
            return state.waiting
          }
          for resume in waiting { resume() }
          if count <= 0 { return }
        }
      }
    }
    thread.start()
  }

  func all() async throws -> String {
    try await value { $0.isComplete ? String(decoding: $0.bytes, as: UTF8.self) : nil }
  }

  func firstLine() async throws -> String {
    try await value { state in
      guard let end = state.bytes.firstIndex(of: UInt8(ascii: "\n")) else {
        return state.isComplete ? "" : nil
      }
      return String(decoding: state.bytes[..<end], as: UTF8.self)
    }
  }

  private func value(_ condition: @escaping @Sendable (State) -> String?) async throws -> String {
    while true {
      if let value = state.withLock({ condition($0) }) { return value }
      await withCheckedContinuation { continuation in
        let isLate = state.withLock { state in
          if condition(state) != nil { return true }
          state.waiting.append { continuation.resume() }
          return false
        }
        if isLate { continuation.resume() }
      }
    }
  }
}
