extension AuditService {
  /// All rows that a query finds, the newest first, read page by page as they are needed.
  ///
  /// ```swift
  /// for try await entry in plystra.audit.entries(AuditQuery(decision: .deny)) { print(entry) }
  /// ```
  ///
  /// - Parameter query: its `limit` is the size of a page, its `cursor` where to begin.
  /// - Returns: a sequence that can be gone through several times, and asks anew each time. Each page is a call of its
  ///   own, as ``list(_:)``, and throws what that throws; a service that offers no paging has one page.
  public func entries(_ query: AuditQuery = AuditQuery(limit: nil)) -> AuditEntries {
    AuditEntries(service: self, query: query)
  }
}

/// The rows of the audit log that a query finds, as ``AuditService/entries(_:)`` gives them.
public struct AuditEntries: AsyncSequence, Sendable {
  /// A row.
  public typealias Element = AuditLogEntry

  let service: AuditService
  let query: AuditQuery

  /// Begins with the first page.
  public func makeAsyncIterator() -> Iterator { Iterator(service: service, query: query) }

  /// Goes through the rows.
  public struct Iterator: AsyncIteratorProtocol {
    private let service: AuditService
    /// What asks for the next page; nil behind the last.
    private var query: AuditQuery?
    private var rows: ArraySlice<AuditLogEntry> = []
    /// Where pages began: a service that sends the client round in circles would never come to an end.
    private var cursors: Set<String> = []

    init(service: AuditService, query: AuditQuery) {
      self.service = service
      self.query = query
    }

    /// The next row, or nil behind the last.
    ///
    /// - Throws: as ``AuditService/list(_:)``; of kind `decoding` if a page says that it is followed by one that was
    ///   read already. Behind an error there are no more rows.
    public mutating func next() async throws -> AuditLogEntry? {
      while rows.isEmpty, let query {
        self.query = nil
        let page = try await service.list(query)
        rows = page.items[...]
        guard page.hasMore, let cursor = page.cursor, !cursor.isEmpty else { continue }
        guard cursor != query.cursor, cursors.insert(cursor).inserted else {
          throw PlystraError(
            kind: .decoding, operation: "audit.list", message: "the service repeats the cursor of a page",
            requestID: page.requestID)
        }
        self.query = query
        self.query?.cursor = cursor
      }
      return rows.popFirst()
    }
  }
}
