import Foundation
import PlystraCore
import PlystraCurlTransport
import PlystraTesting

/// What a client does in the long run: how hard it knocks at a service that is down, and what it leaves behind after
/// many calls to one that is up.
enum Soak {
  /// A bound that was broken.
  struct Broken: Error, CustomStringConvertible {
    let description: String
  }

  private static let deadCalls = 1_000
  private static let liveCalls = 100_000
  /// How many calls are under way at a time.
  private static let callers = 32

  static func run() async throws {
    let transport = try CurlTransport()
    defer { transport.shutdown() }
    try await knockAtADeadService(transport)
    try await callALiveService(transport)
  }

  private static func knockAtADeadService(_ transport: CurlTransport) async throws {
    let first = try KernelServer(InMemoryKernel()).start(port: 0)
    let port = first.port
    await first.stop()
    let counter = AttemptCounter()
    let plystra = try client(port, transport, PlystraClient.Configuration(observer: counter))

    // The budget is full at first: it is spent before the counting begins.
    try await calls(100, of: plystra)
    let before = counter.attempts
    try await calls(deadCalls, of: plystra)
    let attempts = Double(counter.attempts - before) / Double(deadCalls)
    print("\nsoak: \(deadCalls) calls against a service that is down, its retry budget spent")
    print(String(format: "  attempts a call       %.3f (at most 1.1)", attempts))
    guard attempts <= 1.1 else { throw Broken(description: "more than 1.1 attempts a call") }

    let second = try KernelServer(InMemoryKernel()).start(port: port)
    let failures = try await calls(200, of: plystra)
    await second.stop()
    print("  failures of 200 calls once it is up again  \(failures) (none)")
    guard failures == 0 else { throw Broken(description: "the client does not recover") }
  }

  private static func callALiveService(_ transport: CurlTransport) async throws {
    let server = try KernelServer(InMemoryKernel()).start(port: 0)
    let plystra = try client(server.port, transport, PlystraClient.Configuration(deadline: .seconds(60)))
    // A tenth first, so that pools and caches have their size.
    try await calls(liveCalls / 10, of: plystra)
    let (files, memory) = (openFiles(), residentBytes())
    let failures = try await calls(liveCalls, of: plystra)
    let (moreFiles, moreMemory) = (openFiles() - files, residentBytes() - memory)
    await server.stop()
    print("\nsoak: \(liveCalls) calls against a service that is up, \(callers) at a time, through libcurl")
    print("  failures              \(failures) (none)")
    print("  descriptors gained    \(moreFiles) (at most 8)")
    print(
      String(
        format: "  memory gained a call  %.1f bytes (at most 20)", Double(moreMemory) / Double(liveCalls)))
    guard failures == 0, moreFiles <= 8, moreMemory <= 20 * liveCalls else {
      throw Broken(description: "100,000 calls leave something behind")
    }
  }

  /// Makes calls that leave nothing behind in the kernel, and counts those that fail.
  @discardableResult
  private static func calls(_ count: Int, of plystra: PlystraClient) async throws -> Int {
    try await withThrowingTaskGroup(of: Int.self) { group in
      for caller in 0..<callers {
        group.addTask {
          var failures = 0
          for _ in stride(from: caller, to: count, by: callers) {
            do {
              _ = try await plystra.system.version()
            } catch is PlystraError {
              failures += 1
            }
          }
          return failures
        }
      }
      return try await group.reduce(0, +)
    }
  }

  private static func client(
    _ port: Int, _ transport: CurlTransport, _ configuration: PlystraClient.Configuration
  ) throws -> PlystraClient {
    try PlystraClient(
      baseURL: "http://127.0.0.1:\(port)", apiKey: "ply_kernel_secret", configuration: configuration,
      transport: transport)
  }

  /// Descriptors of this process.
  private static func openFiles() -> Int {
    let folder = FileManager.default.fileExists(atPath: "/proc/self/fd") ? "/proc/self/fd" : "/dev/fd"
    return (try? FileManager.default.contentsOfDirectory(atPath: folder).count) ?? 0
  }

  /// Memory of this process: what it has now on Linux, the most it ever had elsewhere.
  private static func residentBytes() -> Int {
    #if os(Linux)
    let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
    let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
    #else
    var usage = rusage()
    getrusage(RUSAGE_SELF, &usage)
    return Int(usage.ru_maxrss)
    #endif
  }
}

/// Counts the attempts of a client.
private final class AttemptCounter: ClientObserver {
  private let count = Locked(0)
  var attempts: Int { count.withLock { $0 } }
  func observe(_ event: ClientEvent) {
    if event.kind == .attemptFinished { count.withLock { $0 += 1 } }
  }
}
