import Foundation
import PlystraCore
import TestSupport

/// Reads damaged documents without end: `plystra-fuzz-json [--seconds N] [--seed S] [--from I]`.
///
/// A mistake of the reader shows as a report of AddressSanitizer, a trap, the signal of a timer after a hang, or a
/// disagreement between two readings. Every input depends on the seed and its own number only, so that the last number
/// printed and the seed lead back to it.
@main
struct JSONFuzz {
  /// Processor time after which a thousand inputs count as a hang; they take a thousandth of it each at most.
  private static let hang = 30

  /// Ends the program, unless it is called again before so much processor time has passed.
  private static func watch() {
    var timer = itimerval(it_interval: timeval(), it_value: timeval(tv_sec: hang, tv_usec: 0))
    #if canImport(Glibc)
    setitimer(__itimer_which_t(ITIMER_VIRTUAL.rawValue), &timer, nil)
    #else
    setitimer(ITIMER_VIRTUAL, &timer, nil)
    #endif
  }

  static func main() throws {
    let options = Options(CommandLine.arguments.dropFirst())
    var source = try DamagedDocuments(seed: options.seed)
    print("seed \(options.seed), \(source.count) documents, \(options.seconds) seconds")
    let end = Date().addingTimeInterval(options.seconds)
    var number = options.first
    var accepted = 0
    while number % 1_000 != 0 || Date() < end {
      if number % 100_000 == 0 {
        print("input \(number)")
        fflush(nil)
      }
      if number % 1_000 == 0 { watch() }
      if Readings(of: source.input(number)).areAccepted { accepted += 1 }
      number += 1
    }
    print("inputs \(options.first)..<\(number), \(accepted) of them accepted, no mistake found")
  }

  private struct Options {
    var seconds = 60.0
    var seed = UInt64.random(in: 0...UInt64.max)
    var first = 0

    init(_ arguments: ArraySlice<String>) {
      var rest = arguments
      while let name = rest.popFirst(), let value = rest.popFirst() {
        switch name {
        case "--seconds": seconds = Double(value) ?? seconds
        case "--seed": seed = UInt64(value) ?? seed
        case "--from": first = Int(value) ?? first
        default: print("unknown argument \(name)")
        }
      }
    }
  }
}

/// What the reader makes of one input, in all the ways that it reads.
struct Readings {
  /// Whether the input is JSON.
  let areAccepted: Bool

  init(of input: [UInt8]) {
    // Memory of exactly the input's size, so that AddressSanitizer sees every byte read behind it.
    let memory = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: input.count)
    defer { memory.deallocate() }
    _ = memory.initialize(from: input)
    let bytes = UnsafeBufferPointer(memory)

    let value = try? JSONValue(parsing: bytes)
    areAccepted = Self.isRead(bytes) { try $0.skipValue(refusingRepeatedKeys: false) }
    guard areAccepted == (value != nil) else { Self.fail("skipping and reading disagree", input) }
    if let value, (try? JSONValue(parsing: value.serialized())) != value {
      Self.fail("what was written does not read back", input)
    }
    for isModel in Self.models where isModel(bytes) && !areAccepted {
      Self.fail("a model takes what is not JSON", input)
    }
    let decision = (try? Envelope<Decision>(parsing: input))?.data
    let data = value?["data"]
    if decision?.isAllowed == true, data?["decision"] != "allow" {
      Self.fail("allowed without a word", input)
    }
    // Metadata is read from its text when it is asked for.
    if let metadata = decision?.trace?.target.resource.metadata,
      ![data?["trace"], data].contains(where: { $0?["target"]?["resource"]?["metadata"] == .object(metadata) }
      )
    {
      Self.fail("metadata reads otherwise", input)
    }
  }

  private static let models: [@Sendable (UnsafeBufferPointer<UInt8>) -> Bool] = [
    { isRead($0) { _ = try Decision.read(from: &$0) } },
    { isRead($0) { _ = try DecisionTrace.read(from: &$0) } },
    { isRead($0) { _ = try AuthorizationRequest.read(from: &$0) } },
    { isRead($0) { _ = try UserSession.read(from: &$0) } },
    { isRead($0) { _ = try [AuditLogEntry].read(from: &$0) } },
    { isRead($0) { _ = try [Capability].read(from: &$0) } },
    { (try? ErrorEnvelope(parsing: $0)) != nil },
  ]

  private static func isRead(
    _ bytes: UnsafeBufferPointer<UInt8>, _ body: (inout JSONReader) throws -> Void
  ) -> Bool {
    do {
      try JSONReader.read(bytes, body)
      return true
    } catch {
      // Saying what is wrong walks the text again, and must survive it, too.
      blackHole("\(error)")
      return false
    }
  }

  @inline(never)
  private static func blackHole(_ text: String) {}

  private static func fail(_ what: String, _ input: [UInt8]) -> Never {
    print("\(what): \(input)")
    fflush(nil)
    exit(1)
  }
}
