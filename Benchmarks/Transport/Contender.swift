import Foundation
import PlainLibcurl
import PlystraCore
import PlystraCurlTransport
import PlystraURLSessionTransport

/// A way of making calls, each measured in a process of its own.
enum Contender: String, CaseIterable {
  case plainC = "c"
  case curl
  case curlOnLoop = "curl-executor"
  case check
  case checkOnLoop = "check-executor"
  case urlSession = "urlsession"

  var title: String {
    switch self {
    case .plainC: "plain C, libcurl multi"
    case .curl: "CurlTransport"
    case .curlOnLoop: "CurlTransport, on its executor"
    case .check: "authz.check, CurlTransport"
    case .checkOnLoop: "authz.check, on its executor"
    case .urlSession: "URLSessionTransport"
    }
  }

  /// Those that are measured by default: URLSession is 12 times slower than the others.
  static let fast = allCases.filter { $0 != .urlSession }

  /// Does what one process is there for: answers every load that comes on standard input with a tally on standard
  /// output, until the input ends.
  func serve(_ endpoint: Endpoint, connections: Int) async throws {
    let run = try runner(endpoint, connections: connections)
    for await line in StandardInput.lines() {
      guard let load = Load(line) else { throw BenchmarkFailure("a contender was told \(line)") }
      guard load.inFlight > 0 else {
        let meter = ProcessMeter()
        try await Task.sleep(for: .nanoseconds(load.nanoseconds))
        StandardOutput.print(meter.tally(answered: 0, failed: 0, latencies: []))
        continue
      }
      StandardOutput.print(try await run(load))
    }
  }

  private func runner(
    _ endpoint: Endpoint, connections: Int
  ) throws -> @Sendable (Load) async throws -> Tally {
    let url = endpoint.url
    let configuration = TransportConfiguration(
      connectionsPerHost: connections, certificateAuthorities: endpoint.authority.map { .file($0) },
      httpVersion: endpoint.http == 2 ? .negotiated : .http1)
    switch self {
    case .plainC:
      let client = try PlainClient(endpoint, connections: connections)
      return { client.run($0) }
    case .curl, .curlOnLoop:
      let transport = try CurlTransport(configuration: configuration)
      return try Self.runner(try Self.exchange(url, through: transport), on: self == .curl ? nil : transport)
    case .check, .checkOnLoop:
      let transport = try CurlTransport(configuration: configuration)
      return try Self.runner(try Self.check(url, through: transport), on: self == .check ? nil : transport)
    case .urlSession:
      let transport = try URLSessionTransport(configuration: configuration)
      return try Self.runner(try Self.exchange(url, through: transport), on: nil)
    }
  }

  /// Runs calls in tasks that prefer the transport's executor, if one is given, and anywhere else.
  private static func runner(
    _ call: nonisolated(nonsending) @escaping @Sendable () async throws -> Void, on transport: CurlTransport?
  ) throws -> @Sendable (Load) async throws -> Tally {
    let driver = CallDriver(call: call)
    guard let transport else { return { try await driver.run($0) } }
    guard #available(macOS 15.0, iOS 18.0, tvOS 18.0, watchOS 11.0, *) else {
      throw BenchmarkFailure("tasks take no executors on this system")
    }
    return { try await driver.run($0, on: transport.executor) }
  }

  /// One exchange by a transport, with the fields that a client would send.
  private static func exchange(
    _ url: String, through transport: some HTTPTransport
  ) throws -> nonisolated(nonsending) @Sendable () async throws -> Void {
    let body = try SampleCall.body()
    let target = url + SampleCall.path
    let common = SampleCall.headers
    return {
      var headers = common
      headers.add("X-Request-ID", SampleCall.id(plain_now()))
      let response = try await transport.send(
        TransportRequest(
          method: "POST", url: target, headers: headers, body: body, timeout: .seconds(60),
          mayBeResent: true))
      guard response.status == 200, !response.body.isEmpty else {
        throw BenchmarkFailure("the answer has status \(response.status)")
      }
    }
  }

  /// A whole call by a client: encoded, sent, read and judged.
  private static func check(
    _ url: String, through transport: some HTTPTransport
  ) throws -> nonisolated(nonsending) @Sendable () async throws -> Void {
    let request = try SampleCall.request()
    let plystra = try PlystraClient(
      baseURL: url, apiKey: SampleCall.apiKey,
      configuration: PlystraClient.Configuration(
        deadline: .seconds(60), attemptTimeout: .seconds(60), retryPolicy: .never),
      transport: transport)
    return {
      guard try await plystra.authz.check(request).isAllowed else {
        throw BenchmarkFailure("the sample request was not allowed")
      }
    }
  }
}

/// Why nothing could be measured.
struct BenchmarkFailure: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
