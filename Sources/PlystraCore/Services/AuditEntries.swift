#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension AuditService {
  /// All rows that a query finds, the newest first, read page by page as they are needed.
  ///
  /// ```swift
  /// for try await entry in plystra.audit.entries(AuditQuery(decision: .deny)) { print(entry) }
  /// ```
  ///
  /// Where the service offers a cursor, pages follow it. Where it offers none, a full page is followed by the rows up to
  /// the time of its last row; rows that were read already are left out. Each row is read once, unless the service writes
  /// rows with earlier times meanwhile, which may be missed.
  ///
  /// - Parameter query: its `limit` is the size of a page, its `cursor` where to begin.
  /// - Returns: a sequence that can be iterated several times, and asks anew each time. Each page is a call of its own, as
  ///   ``list(_:)``, and throws what that throws.
  public func entries(_ query: AuditQuery = AuditQuery(limit: nil)) -> AuditEntries {
    AuditEntries(service: self, query: query)
  }
}

/// The rows of the audit log that a query finds, as ``AuditService/entries(_:)`` returns them.
public struct AuditEntries: AsyncSequence, Sendable {
  /// A row.
  public typealias Element = AuditLogEntry

  let service: AuditService
  let query: AuditQuery

  /// Begins with the first page.
  public func makeAsyncIterator() -> Iterator { Iterator(service: service, query: query) }

  /// Iterates the rows.
  public struct Iterator: AsyncIteratorProtocol {
    private let service: AuditService
    /// What asks for the next page; nil after the last.
    private var query: AuditQuery?
    private var rows: ArraySlice<AuditLogEntry> = []
    /// Why there is no page after the rows.
    private var failure: (any Error)?
    /// Where pages began: a service that sends the client round in circles would never come to an end.
    private var cursors: Set<String> = []
    /// The second in which the last page without a cursor ended, and the rows of it that were read.
    private var boundary: (second: Date, ids: Set<String>)?

    init(service: AuditService, query: AuditQuery) {
      self.service = service
      self.query = query
    }

    /// The next row, or nil after the last.
    ///
    /// - Throws: as ``AuditService/list(_:)``; of kind `decoding` if a page says that it is followed by one that was
    ///   read already, or if the service offers no cursor and more rows in one second than a page of 200 holds, so that
    ///   some would be lost. After an error there are no more rows.
    public mutating func next() async throws -> AuditLogEntry? {
      while rows.isEmpty, let query {
        self.query = nil
        if let failure { throw failure }
        let page = try await service.list(query)
        let seen = boundary?.ids ?? []
        rows = page.items.filter { !seen.contains($0.id) }[...]
        do {
          self.query = try following(query, page)
        } catch {
          // After the rows that were read.
          (failure, self.query) = (error, query)
        }
      }
      return rows.popFirst()
    }

    /// The query for the page after another; nil if that is the last.
    private mutating func following(
      _ query: AuditQuery, _ page: ResultPage<AuditLogEntry>
    ) throws -> AuditQuery? {
      if page.hasMore, let cursor = page.cursor, !cursor.isEmpty {
        return try query.following(cursor, after: page, &cursors)
      }
      guard page.hasMore || page.count >= query.pageSize(of: page), let last = page.last else { return nil }
      return try walkBack(from: query, last: last, page)
    }

    /// The query for what is older than a full page, its last second included: more rows of it may follow.
    private mutating func walkBack(
      from query: AuditQuery, last: AuditLogEntry, _ page: ResultPage<AuditLogEntry>
    ) throws -> AuditQuery? {
      let second = last.createdAt.wholeSecond
      let ids = page.lazy.filter { $0.createdAt.wholeSecond == second }.map(\.id)
      var query = query
      query.cursor = nil
      if let boundary, boundary.second == second {
        guard query.limit != AuditQuery.largestLimit else { throw lostRows(in: second, page) }
        // It may fit on the largest page.
        query.limit = AuditQuery.largestLimit
        self.boundary = (second, boundary.ids.union(ids))
      } else {
        boundary = (second, Set(ids))
      }
      query.createdAtTo = second.addingTimeInterval(AuditQuery.restOfSecond)
      return query
    }

    private func lostRows(in second: Date, _ page: ResultPage<AuditLogEntry>) -> PlystraError {
      PlystraError(
        kind: .decoding, operation: "audit.list",
        message:
          "the second \(Timestamp.text(of: second)) has \(page.count) rows or more, which is more than a page "
          + "holds, and the service offers no cursor; narrow the query, for instance by resource or decision",
        requestID: page.requestID)
    }
  }
}

extension AuditQuery {
  /// The largest page that the service makes (contract §5).
  static let largestLimit = 200
  /// What is left of a second after its beginning, in seconds: rows may have been written in any part of it.
  static let restOfSecond = 0.999_999

  /// How many rows a full page has.
  fileprivate func pageSize(of page: ResultPage<AuditLogEntry>) -> Int { page.limit ?? limit ?? 50 }

  /// The query for the page at a cursor.
  ///
  /// - Throws: ``PlystraError`` of kind `decoding` if that page was read already.
  fileprivate func following(
    _ cursor: String, after page: ResultPage<AuditLogEntry>, _ cursors: inout Set<String>
  ) throws -> AuditQuery {
    guard cursor != self.cursor, cursors.insert(cursor).inserted else {
      throw PlystraError(
        kind: .decoding, operation: "audit.list", message: "the service repeats the cursor of a page",
        requestID: page.requestID)
    }
    var query = self
    query.cursor = cursor
    return query
  }
}

extension Date {
  /// The second in which the date lies, to which the service cuts the times of rows.
  var wholeSecond: Date { Date(timeIntervalSince1970: timeIntervalSince1970.rounded(.down)) }
}
