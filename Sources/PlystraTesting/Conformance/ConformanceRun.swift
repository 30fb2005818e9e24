import PlystraCore

/// A run of several cases: what is played, and what was seen.
struct ConformanceRun {
  typealias Case = TransportConformance.Case

  let bounds: TransportConformance.Bounds
  private(set) var violations: [TransportConformance.Violation] = []
  /// Every server of the run: their ports stay taken until its end.
  private var servers: [ScriptedServer] = []

  init(bounds: TransportConformance.Bounds) { self.bounds = bounds }

  /// The cases that are left to play; what makes no sense about the choice becomes a violation.
  mutating func plan(
    _ cases: [Case], excluding exclusions: KeyValuePairs<Case, String>, known: [Case]
  ) -> [Case] {
    guard complainAboutBounds() else { return [] }
    for name in cases + exclusions.map(\.key) where !known.contains(name) {
      complain(
        name, "there is no case of this name here", "one of \(known.map(\.rawValue).joined(separator: ", "))",
        "Correct the name.")
    }
    for (name, reason) in exclusions where reason.trimmed().isEmpty {
      complain(
        name, "it is excluded without a reason",
        "a reason that tells a reader what the transport does instead",
        "Write down why the transport cannot keep this part of the contract.")
    }
    let excluded = Set(exclusions.map(\.key))
    return cases.filter { known.contains($0) && !excluded.contains($0) }
  }

  /// Plays one case.
  mutating func play(_ name: Case, _ script: (Trial) async throws -> Void) async {
    guard !Task.isCancelled else {
      return complain(
        name, "the run was cancelled before this case", "a run that is let finish", "Run it again.")
    }
    let trial = Trial(name, bounds: bounds)
    do {
      try await script(trial)
    } catch {
      complain(
        name, "the case could not be played: \(Outcome.text(of: error))", "a case that begins",
        "Make room for another server and its sockets, or look into what makes the transport.")
    }
    for server in trial.servers { server.stop() }
    servers += trial.servers
    violations += trial.violations
  }

  private mutating func complainAboutBounds() -> Bool {
    let faults: [(isFault: Bool, text: String)] = [
      (bounds.timeout <= .zero, "timeout is not more than zero"),
      (bounds.tolerance <= .zero, "tolerance is not more than zero"),
      (bounds.patience <= .zero, "patience is not more than zero"),
      (!(1...1_024).contains(bounds.concurrency), "concurrency is outside 1…1,024"),
    ]
    guard let fault = faults.first(where: \.isFault) else { return true }
    complain(.bounds, fault.text, "bounds that a case can keep", "Correct the bounds.")
    return false
  }

  private mutating func complain(_ name: Case, _ seen: String, _ expected: String, _ fix: String) {
    violations.append(.init(name: name, seen: seen, expected: expected, fix: fix))
  }
}
