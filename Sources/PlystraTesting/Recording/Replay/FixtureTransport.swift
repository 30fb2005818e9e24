public import PlystraCore

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// Replays what a ``RecordingTransport`` recorded, without a network and without a service.
///
/// ```swift
/// let fixture = try FixtureTransport(contentsOf: "Tests/Fixtures/session.har")
/// let plystra = try PlystraClient(baseURL: "https://plystra.test", apiKey: "ply_ak_any.key", transport: fixture)
/// #expect(try await plystra.authz.check(question).isAllowed)
/// try fixture.verify()
/// ```
///
/// A request is given the answer of the first recorded exchange that is like it and was not replayed yet; what *like*
/// means, ``ReplayMatching`` says. The credentials that were recorded are not needed: secrets compare by their places.
/// A request that was not recorded fails with a `TransportError` that names the closest exchange and the first thing
/// that differs. It never records, and never asks anybody else.
///
/// Responses are as they were recorded, with two exceptions. Where one names the id of a recorded request, it names that
/// of the replayed one instead. Where it opens a session, the `expires_at` of its tokens is shifted by the age of
/// the recording.
///
/// Files of other tools can be replayed too, if they hold the bodies.
public final class FixtureTransport: HTTPTransport {
  private struct State {
    var redactor: Redactor
    var binding = PlaceholderBinding()
    /// How often each exchange was replayed.
    var replays: [Int]
    var misses: [ReplayProblem] = []
  }

  private struct Entry {
    let request: ReplayRequest
    let operation: ServiceOperation?
    let requestID: String?
    let startedAt: Date?
    let outcome: RecordedExchange.Outcome
  }

  private let path: String
  private let matching: ReplayMatching
  private let now: @Sendable () -> Date
  private let entries: [Entry]
  /// The entries by what requests that are like theirs have in common, in their order.
  private let entriesByShape: [ReplayShape: [Int]]
  private let state: Locked<State>

  /// The recorded requests in their order, without secrets.
  public let recordedRequests: [RecordedRequest]

  /// Reads a recording.
  ///
  /// - Parameters:
  ///   - path: an HTTP Archive (HAR).
  ///   - matching: how alike requests must be.
  ///   - redaction: what the recording was made with.
  ///   - now: the wall clock, by which recorded sessions live on.
  /// - Throws: ``FixtureError``, which names the file, the entry and the field.
  public init(
    contentsOf path: String, matching: ReplayMatching = .strict, redaction: Redaction = Redaction(),
    now: @escaping @Sendable () -> Date = { Date() }
  ) throws(FixtureError) {
    let exchanges = try HARReader(path: path).exchanges()
    // Files of other tools hold secrets, which must not be compared, or shown in messages, as they are.
    var redactor = Redactor(redaction, style: .numbered(prefix: "file-"))
    let requests = exchanges.map { redactor.request($0.request) }
    let recordedRequests = requests.map { RecordedRequest($0) }
    let entries = exchanges.indices.map { index in
      Entry(
        request: ReplayRequest(requests[index]), operation: recordedRequests[index].operation,
        requestID: recordedRequests[index].requestID,
        startedAt: exchanges[index].startedAt, outcome: exchanges[index].outcome)
    }
    self.recordedRequests = recordedRequests
    self.entries = entries
    entriesByShape = Dictionary(grouping: entries.indices) { ReplayShape(entries[$0].request, matching) }
    self.path = path
    self.matching = matching
    self.now = now
    state = Locked(
      State(
        redactor: Redactor(redaction, style: .numbered(prefix: PlaceholderBinding.livePrefix)),
        replays: Array(repeating: 0, count: exchanges.count)))
  }

  // MARK: What happened

  /// The exchanges that were recorded and not asked for.
  public var unreplayed: [ReplayProblem] {
    let replays = state.withLock { $0.replays }
    return replays.indices.filter { replays[$0] == 0 }.map { index in
      ReplayProblem(
        kind: .neverReplayed,
        description: "entry \(index + 1), \(entries[index].request.description), was never asked for: "
          + "let the code under test ask, or record anew")
    }
  }

  /// The requests that were asked for and not recorded.
  public var misses: [ReplayProblem] { state.withLock { $0.misses } }

  /// Checks that everything recorded was asked for, and nothing else.
  ///
  /// - Throws: ``ReplayFailure``, which says what differs.
  public func verify() throws(ReplayFailure) {
    let problems = misses + unreplayed
    if !problems.isEmpty { throw ReplayFailure(path: path, problems: problems) }
  }

  // MARK: Transport

  /// Answers a request as it was answered when it was recorded.
  ///
  /// - Throws: the `TransportError` that was recorded; `CancellationError` when the task was cancelled;
  ///   `TransportError` of kind `other` when the request was not recorded, `responseTooLarge` when the answer exceeds
  ///   what the request accepts, and `timeout` when it leaves no time at all.
  public func send(_ request: TransportRequest) async throws -> TransportResponse {
    try Task.checkCancellation()
    guard request.timeout > .zero else { throw TestTime.timeout(request.timeout) }
    let (index, requestIDs) = try state.withLock { state in
      let live = ReplayRequest(state.redactor.request(request))
      if let index = find(live, &state) {
        state.binding.requestIDs.bind(RecordedRequest(request).requestID, to: entries[index].requestID)
        return (index, state.binding.requestIDs)
      }
      let message = message(about: live, state)
      state.misses.append(ReplayProblem(kind: .notRecorded, description: message))
      throw TransportError(kind: .other, message: message, mayHaveBeenSent: false)
    }
    return try response(of: entries[index], requestIDs).accepted(by: request)
  }

  private func response(of entry: Entry, _ requestIDs: RequestIDBinding) throws -> TransportResponse {
    switch entry.outcome {
    case .failure(let error): throw error
    case .answer(let recorded):
      let response = requestIDs.renamed(recorded)
      guard let startedAt = entry.startedAt else { return response }
      return SessionLifetime.renewed(
        response, to: entry.operation, age: now().timeIntervalSince(startedAt))
    }
  }

  /// The exchange to replay, which is thereby used.
  private func find(_ live: ReplayRequest, _ state: inout State) -> Int? {
    var repeated: Int?
    let alike = entriesByShape[ReplayShape(live, matching)] ?? []
    for index in alike where state.replays[index] == 0 || matching.allowsRepeats {
      let comparison = ReplayComparison.of(live, entries[index].request, matching, state.binding)
      guard comparison.differences.isEmpty else { continue }
      if state.replays[index] > 0 {
        repeated = index
        continue
      }
      state.binding = comparison.binding
      state.replays[index] += 1
      return index
    }
    return repeated
  }

  private func message(about live: ReplayRequest, _ state: State) -> String {
    let beginning = "the recording \(path) has no exchange for \(live.description)"
    let comparisons = entries.map {
      ReplayComparison.of(live, $0.request, matching, state.binding)
    }
    // Among those equally close, one that is still to be replayed is what was meant.
    let closest = comparisons.indices.min { left, right in
      let (first, second) = (comparisons[left].distance, comparisons[right].distance)
      return first == second ? state.replays[left] < state.replays[right] : first < second
    }
    guard let closest else { return "\(beginning): it is empty" }
    let entry = "entry \(closest + 1), \(entries[closest].request.description)"
    guard let difference = comparisons[closest].differences.first else {
      return
        "\(beginning) any more: \(entry), is the same and was replayed already; record it as often as it is "
        + "asked, or match with .allowingRepeats()"
    }
    return "\(beginning); the closest, \(entry), differs at \(difference.description)"
  }
}

extension FixtureTransport: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// The file and how much of it was replayed.
  public var description: String {
    let replayed = state.withLock { $0.replays.reduce(0) { $0 + min($1, 1) } }
    return "FixtureTransport(\(OneLine.text(path)), \(replayed) of \(entries.count) exchanges replayed)"
  }
  /// The same as `description`.
  public var debugDescription: String { description }
  /// Shows nothing beyond `description`.
  public var customMirror: Mirror { Mirror(self, children: []) }
}
