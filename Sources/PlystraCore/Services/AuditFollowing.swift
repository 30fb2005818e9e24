#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension AuditService {
  /// New rows that a query finds, the oldest first, as they come; it goes on until its task is cancelled.
  ///
  /// ```swift
  /// for try await entry in plystra.audit.follow(AuditQuery(decision: .deny), every: .seconds(5)) { print(entry) }
  /// ```
  ///
  /// It asks at intervals and holds about one page of rows at a time. A row that is written with an earlier time than
  /// those that were read already, as where the service's clock moves back by a second, may be missed.
  ///
  /// - Parameters:
  ///   - query: what to look for. From `createdAtFrom` on all rows count as new; when it is nil, those that are written
  ///     after the first question. `createdAtTo`, `limit` and `cursor` have no effect.
  ///   - interval: how long to wait after a question that found nothing new; more than 0.
  /// - Returns: a sequence without an end. Each question is a call of its own, as ``list(_:)``, and throws what that
  ///   throws; the iterator can be asked again after an error, and has lost nothing.
  public func follow(_ query: AuditQuery = AuditQuery(limit: nil), every interval: Duration) -> AuditFollowing
  {
    AuditFollowing(service: self, query: query, interval: interval)
  }
}

/// New rows of the audit log, as ``AuditService/follow(_:every:)`` returns them.
public struct AuditFollowing: AsyncSequence, Sendable {
  /// A row.
  public typealias Element = AuditLogEntry

  let service: AuditService
  let query: AuditQuery
  let interval: Duration

  /// Begins to look for rows.
  public func makeAsyncIterator() -> Iterator {
    Iterator(service: service, query: query, interval: interval)
  }

  /// Iterates the rows.
  public struct Iterator: AsyncIteratorProtocol {
    private let service: AuditService
    private var query: AuditQuery
    private let interval: Duration
    /// Rows to be returned, the newest first.
    private var rows: [AuditLogEntry] = []
    /// The rows that were found at `query.createdAtFrom` or later, with their times.
    private var seen: [String: Date] = [:]
    private var hasBegun: Bool

    init(service: AuditService, query: AuditQuery, interval: Duration) {
      self.service = service
      self.query = query
      self.query.limit = AuditQuery.largestLimit
      self.query.cursor = nil
      self.query.createdAtTo = nil
      self.interval = interval
      hasBegun = query.createdAtFrom != nil
    }

    /// The next row; never nil.
    ///
    /// - Throws: as ``AuditService/list(_:)``; of kind `decoding` as ``AuditEntries/Iterator/next()`` does; of kind
    ///   `invalidRequest` if the interval is not more than 0.
    public mutating func next() async throws -> AuditLogEntry? {
      guard interval > .zero else {
        throw PlystraError.invalidRequest("every", "it must be more than 0", operation: "audit.list")
      }
      if !hasBegun {
        try await begin()
        hasBegun = true
      }
      while true {
        if let row = rows.popLast() { return row }
        let isUpToDate = try await read()
        if rows.isEmpty, isUpToDate { try await service.client.core.timing.sleep(interval) }
      }
    }

    /// Takes what there is already for seen.
    private mutating func begin() async throws {
      var newest = query
      newest.limit = 1
      guard let row = try await service.list(newest).first else { return }
      query.createdAtFrom = row.createdAt.wholeSecond
      for try await row in service.entries(query) { seen[row.id] = row.createdAt }
    }

    /// Reads the oldest rows that were not seen: all of a span of time that fit on one page.
    ///
    /// - Returns: whether that span reaches to the present.
    private mutating func read() async throws -> Bool {
      var page = try await service.list(query)
      var end: Date?
      // A full page lacks the oldest rows of its span, which is halved until they fit.
      while page.hasMore || page.count >= AuditQuery.largestLimit, let newest = page.first {
        let last = end ?? newest.createdAt.wholeSecond
        let start = (query.createdAtFrom ?? Date(timeIntervalSince1970: 0)).wholeSecond
        end = start.addingTimeInterval((last.timeIntervalSince(start) / 2).rounded(.down))
        if start >= last {
          page.items = try await allRows(until: last)
          break
        }
        page = try await service.list(span(until: end))
      }
      rows = page.items.filter { seen[$0.id] == nil }
      for row in rows { seen[row.id] = row.createdAt }
      // Rows of the present second and the one before may still be written.
      let next = end?.addingTimeInterval(1) ?? page.first?.createdAt.wholeSecond.addingTimeInterval(-1)
      if let next, query.createdAtFrom.map({ $0 < next }) ?? true {
        query.createdAtFrom = next
        seen = seen.filter { $0.value >= next }
      }
      return end == nil
    }

    private func span(until second: Date?) -> AuditQuery {
      var query = query
      query.createdAtTo = second?.addingTimeInterval(AuditQuery.restOfSecond)
      return query
    }

    /// The rows of one second, by cursors; without these they cannot be read.
    private func allRows(until second: Date) async throws -> [AuditLogEntry] {
      try await service.entries(span(until: second)).reduce(into: []) { $0.append($1) }
    }
  }
}
