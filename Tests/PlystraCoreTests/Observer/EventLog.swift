import PlystraCore

/// Keeps all that a client tells of.
final class EventLog: ClientObserver {
  private let log = Locked<[ClientEvent]>([])

  func observe(_ event: ClientEvent) { log.withLock { $0.append(event) } }

  var events: [ClientEvent] { log.withLock { $0 } }

  /// Each event as its kind, operation, attempt and, if something ended, how.
  var lines: [String] {
    events.map { event in
      ["\(event.kind)", event.operation, "\(event.attempt)", event.outcome].compactMap { $0 }
        .joined(separator: " ")
    }
  }
}
