public import PlystraCore

/// The contract of `HTTPTransport` as cases to run, for everybody who writes a transport.
///
/// A real server on loopback misbehaves in every way that a transport must withstand; whatever the transport makes of it
/// that the contract does not allow comes back as a ``Violation``:
///
/// ```swift
/// @Test func keepsTheContract() async throws {
///   let transport = MyTransport()
///   let violations = await TransportConformance.run(
///     transport,
///     excluding: [.connectionsReused: "The mesh's sidecar keeps the connections."],
///     shutDown: { await transport.close() })
///   #expect(violations.isEmpty, "\(violations)")
/// }
/// ```
///
/// It needs no test framework. Runs may go on at the same time; none changes anything outside of itself.
public enum TransportConformance {
  /// Runs the cases against a transport that speaks to servers.
  ///
  /// It takes a few seconds, in which the transport is used for servers on 127.0.0.1 only, and once for the name
  /// `no-such-host.invalid`.
  ///
  /// - Parameters:
  ///   - transport: The transport; it must reach 127.0.0.1, past any proxy.
  ///   - cases: What to run, in this order.
  ///   - exclusions: What not to run, each with the reason why, which must not be blank.
  ///   - bounds: The times that the cases allow.
  ///   - shutDown: Shuts the transport down; it is called at the end, for ``Case/shutDown``, which is left out
  ///     without it.
  /// - Returns: what the contract does not allow; nothing if the transport keeps it.
  public static func run(
    _ transport: any HTTPTransport, cases: [Case] = Case.network,
    excluding exclusions: KeyValuePairs<Case, String> = [:], bounds: Bounds = Bounds(),
    shutDown: (@Sendable () async -> Void)? = nil
  ) async -> [Violation] {
    var run = ConformanceRun(bounds: bounds)
    let scripts = CaseScript.network(shutDown: shutDown)
    for name in run.plan(cases, excluding: exclusions, known: Case.network) {
      guard let script = scripts[name] else { continue }
      await run.play(name) { trial in
        trial.transport = transport
        try await script(trial)
      }
    }
    return run.violations
  }

  /// Runs the cases that need no network, against transports that answer from memory or from a file.
  ///
  /// ```swift
  /// let violations = await TransportConformance.runOffline { exchanges in
  ///   CannedTransport(answers: exchanges.map(\.response))
  /// }
  /// ```
  ///
  /// - Parameters:
  ///   - cases: What to run, in this order.
  ///   - exclusions: What not to run, each with the reason why, which must not be blank.
  ///   - bounds: The times that the cases allow.
  ///   - make: Makes a transport that answers each of the requests, which may come in any order, with its response.
  /// - Returns: what the contract does not allow; nothing if the transport keeps it.
  public static func runOffline(
    cases: [Case] = Case.offline, excluding exclusions: KeyValuePairs<Case, String> = [:],
    bounds: Bounds = Bounds(),
    _ make: @escaping @Sendable (_ exchanges: [Exchange]) async throws -> any HTTPTransport
  ) async -> [Violation] {
    var run = ConformanceRun(bounds: bounds)
    for name in run.plan(cases, excluding: exclusions, known: Case.offline) {
      guard let script = CaseScript.offline[name] else { continue }
      await run.play(name) { trial in try await script(trial, make) }
    }
    return run.violations
  }
}

extension TransportConformance {
  /// A request that an offline case will send, and what is to answer it.
  public struct Exchange: Sendable {
    /// What will be sent; only method and URL tell requests apart.
    public let request: TransportRequest
    /// What is to be answered.
    public let response: TransportResponse
  }

  /// Something that a transport did and the contract does not allow.
  public struct Violation: Sendable, Hashable {
    /// The case in which it was seen.
    public let name: Case
    /// What was seen.
    public let seen: String
    /// What the contract wants instead.
    public let expected: String
    /// What is likely to be wrong, and what to do about it.
    public let fix: String
  }

  /// The times that cases allow, and how much they do at once.
  ///
  /// A slow machine needs a larger ``tolerance``; a transport that passes needs no more time for a larger one.
  public struct Bounds: Sendable, Hashable {
    /// The timeout of requests that are to run into it. More than zero.
    public var timeout: Duration
    /// How long after its timeout, a cancellation or a broken connection a transport may take to give up. More than zero.
    public var tolerance: Duration
    /// How long a case waits for a transport that ought to have ended before it is given up as hung. More than zero.
    public var patience: Duration
    /// How many requests a transport must be able to have under way to one host, 1…1,024.
    public var concurrency: Int

    /// Makes bounds: 300 ms, 2 s, 10 s and 8 requests, if not said otherwise.
    public init(
      timeout: Duration = .milliseconds(300), tolerance: Duration = .seconds(2),
      patience: Duration = .seconds(10), concurrency: Int = 8
    ) {
      self.timeout = timeout
      self.tolerance = tolerance
      self.patience = patience
      self.concurrency = concurrency
    }
  }
}

extension TransportConformance.Violation: CustomStringConvertible {
  /// Case, observation, expectation and advice, each on a line.
  public var description: String {
    """
    \(name): \(OneLine.text(seen))
      expected: \(expected)
      to fix: \(fix)
    """
  }
}
