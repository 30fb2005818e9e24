public import PlystraCore

/// Puts faults in the way of another transport: by a script, or by chance that a seed repeats.
///
/// ```swift
/// let flaky = try FaultInjectingTransport(
///   upstream: InMemoryKernel(), rates: [.init(.resetAfterSending, 0.1), .init(.status(503), 0.1)],
///   jitter: .milliseconds(20))
/// // … and when a test fails:
/// print(flaky)  // FaultInjectingTransport(seed: 17446744073709551557, reset after sending at 0.1, …)
/// ```
///
/// The n-th request gets the n-th draw, whatever the requests before it are still waiting for: with the same seed and
/// the same order of requests, the same requests fail in the same way.
///
/// A fault after sending lets the service act and loses its answer, and its error says `mayHaveBeenSent`. A fault
/// before sending lets nothing through, and its error says that too.
public final class FaultInjectingTransport: HTTPTransport {
  private let upstream: any HTTPTransport
  private let schedule: FaultSchedule
  private let pattern: RequestPattern
  private let time: TestTime
  private let log = Locked([InjectedFault]())

  /// What the draws of faults by rate, of jitter and of garbled bytes come from: give it to another transport to see
  /// the same again.
  public var seed: UInt64 { schedule.seed }

  /// Lets faults happen by chance.
  ///
  /// - Parameters:
  ///   - upstream: what makes the exchanges.
  ///   - rates: how often which fault happens; together at most 1.
  ///   - latency: how much later every request is sent.
  ///   - jitter: up to how much more, by chance.
  ///   - pattern: the requests that faults are for; all others pass.
  ///   - seed: where chance begins; a different one for every transport when nil.
  ///   - clock: by which it waits; one that a test moves makes waiting take no time.
  /// - Throws: `PlystraError` of kind `configuration` for a rate, status or time that makes no sense.
  public convenience init(
    upstream: any HTTPTransport, rates: [FaultRate], latency: Duration = .zero, jitter: Duration = .zero,
    for pattern: RequestPattern = .any, seed: UInt64? = nil, clock: any Clock<Duration> = ContinuousClock()
  ) throws {
    for rate in rates where !(0...1).contains(rate.rate) {
      throw PlystraError.configuration("rates", "that of \(rate.fault) must be from 0 to 1, not \(rate.rate)")
    }
    let sum = rates.reduce(0) { $0 + $1.rate }
    guard sum <= 1 + 1e-9 else {
      throw PlystraError.configuration("rates", "together they must be at most 1, not \(sum)")
    }
    try self.init(
      upstream: upstream, .rates(rates), faults: rates.map(\.fault), latency: latency, jitter: jitter,
      pattern: pattern, seed: seed, clock: clock)
  }

  /// Lets faults happen as a script says: the first to the first request, and so on; requests behind its end pass.
  ///
  /// - Parameters:
  ///   - upstream: what makes the exchanges.
  ///   - script: what happens to each request; `.none` lets one pass.
  ///   - latency: how much later every request is sent.
  ///   - jitter: up to how much more, by chance.
  ///   - pattern: the requests that the script is for; all others pass.
  ///   - seed: where chance begins; a different one for every transport when nil.
  ///   - clock: by which it waits; one that a test moves makes waiting take no time.
  /// - Throws: `PlystraError` of kind `configuration` for a status or time that makes no sense.
  public convenience init(
    upstream: any HTTPTransport, script: [Fault], latency: Duration = .zero, jitter: Duration = .zero,
    for pattern: RequestPattern = .any, seed: UInt64? = nil, clock: any Clock<Duration> = ContinuousClock()
  ) throws {
    try self.init(
      upstream: upstream, .script(script), faults: script, latency: latency, jitter: jitter,
      pattern: pattern, seed: seed, clock: clock)
  }

  private init(
    upstream: any HTTPTransport, _ choice: FaultSchedule.Choice, faults: [Fault], latency: Duration,
    jitter: Duration, pattern: RequestPattern, seed: UInt64?, clock: any Clock<Duration>
  ) throws {
    try Self.check(faults, latency: latency, jitter: jitter)
    self.upstream = upstream
    self.pattern = pattern
    schedule = FaultSchedule(
      seed: seed ?? .random(in: .min ... .max), choice: choice, latency: latency, jitter: jitter)
    time = TestTime(clock)
  }

  private static func check(_ faults: [Fault], latency: Duration, jitter: Duration) throws {
    for (name, duration) in [("latency", latency), ("jitter", jitter)] where duration < .zero {
      throw PlystraError.configuration(name, "must not be negative, and is \(duration)")
    }
    for fault in faults {
      switch fault.effect {
      case .status(let status, _) where !(200...599).contains(status):
        throw PlystraError.configuration("status", "must be from 200 to 599, not \(status)")
      case .latency(let duration) where duration < .zero:
        throw PlystraError.configuration("latency", "must not be negative, and is \(duration)")
      default: break
      }
    }
  }

  // MARK: What happened

  /// What was done to each request so far that faults are for, in the order in which they came.
  public var injected: [InjectedFault] { log.withLock { $0 } }

  /// The faults of the script that no request has come for; empty when faults happen by chance.
  public var unplayed: [Fault] {
    guard case .script(let script) = schedule.choice else { return [] }
    return Array(script.dropFirst(log.withLock { $0.count }))
  }

  /// Checks that the script was played to its end.
  ///
  /// - Throws: ``FaultScriptUnfinished``, which says what is left of it.
  public func verify() throws(FaultScriptUnfinished) {
    let (unplayed, played) = (unplayed, log.withLock { $0.count })
    if !unplayed.isEmpty { throw FaultScriptUnfinished(faults: unplayed, played: played) }
  }

  // MARK: Transport

  /// Sends a request through the transport beneath, with what is drawn for it in the way.
  ///
  /// - Throws: the fault's error; what the transport beneath throws; `CancellationError` when the task was cancelled;
  ///   `TransportError` of kind `timeout` when waiting takes longer than the request has time.
  public func send(_ request: TransportRequest) async throws -> TransportResponse {
    try Task.checkCancellation()
    let recorded = RecordedRequest(request)
    guard pattern.matches(recorded) else { return try await upstream.send(request) }
    let draw = log.withLock { log in
      let draw = schedule.draw(log.count + 1)
      log.append(InjectedFault(number: log.count + 1, fault: draw.fault, request: recorded))
      return draw
    }
    let exchange = FaultyExchange(request: request, draw: draw, upstream: upstream, time: time)
    return try await exchange.run().accepted(by: request)
  }

  /// Passed on to the transport that makes the requests.
  public func closeConnection(_ id: UInt64) { upstream.closeConnection(id) }

  /// Passes the call on to the transport that this one wraps.
  public nonisolated(nonsending) func warmUp(with request: TransportRequest, connections: Int) async throws {
    try await upstream.warmUp(with: request, connections: connections)
  }
}

/// A script of faults that was not played to its end.
public struct FaultScriptUnfinished: Error, Sendable, Hashable, CustomStringConvertible {
  /// What is left.
  public let faults: [Fault]
  /// How many requests came.
  public let played: Int

  /// What is left, and what to do about it.
  public var description: String {
    "\(played) requests came for a script of \(played + faults.count) faults; left: "
      + faults.map(\.description).joined(separator: ", ")
      + ". Let the code under test ask more often, or shorten the script"
  }
}

extension FaultInjectingTransport: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// The seed and the faults, so that a failing test can be repeated.
  public var description: String {
    "FaultInjectingTransport(seed: \(seed), \(schedule.description), for \(pattern))"
  }
  /// The same as `description`.
  public var debugDescription: String { description }
  /// Shows nothing beyond `description`.
  public var customMirror: Mirror { Mirror(self, children: []) }
}
