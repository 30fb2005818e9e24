import Foundation
import TestSupport
import Testing

@testable import PlystraCore

@Suite("The audit log of a service without cursors", .timeLimit(.minutes(minutesOfAHang)))
struct AuditWalkTests {
  private static let start = 1_778_000_000

  private func ids(_ rows: some AsyncSequence<AuditLogEntry, any Error>) async throws -> [String] {
    try await rows.reduce(into: []) { $0.append($1.id) }
  }

  /// A history of rows, up to 40 of which were written in one second.
  private func history(rows: Int, seed: UInt64) -> AuditHistory {
    var generator = SeededGenerator(seed: seed)
    let history = AuditHistory()
    var second = Self.start
    var written = 0
    while written < rows {
      let count = min(rows - written, Int.random(in: 1...40, using: &generator))
      history.write(count, at: second)
      second += Int.random(in: 1...3, using: &generator)
      written += count
    }
    return history
  }

  @Test(
    "5,000 rows with equal times come exactly once each, the newest first", arguments: [1, 2, 3],
    [7, 50, 200])
  func everyRow(seed: UInt64, limit: Int) async throws {
    let history = history(rows: 5_000, seed: seed)
    let entries = try Sample.client(history).audit.entries(AuditQuery(limit: limit))
    #expect(try await ids(entries) == history.ids.reversed())
  }

  @Test("a second with more rows than the largest page is an error that names the second")
  func fullSecond() async throws {
    let history = AuditHistory()
    history.write(10, at: Self.start)
    history.write(201, at: Self.start + 10)
    history.write(10, at: Self.start + 20)
    let entries = try Sample.client(history).audit.entries(AuditQuery(limit: 20))
    let count = Locked(0)
    let error = try await plystraError {
      for try await _ in entries { count.withLock { $0 += 1 } }
    }
    #expect(error.kind == .decoding && error.message.contains("2026-05-05T16:53:30Z"))
    #expect(count.withLock { $0 } == 210)
  }

  @Test("a second that fits on the largest page is read whole, however small the pages are")
  func smallPages() async throws {
    let history = AuditHistory()
    history.write(5, at: Self.start)
    history.write(150, at: Self.start + 1)
    history.write(3, at: Self.start + 2)
    let entries = try Sample.client(history).audit.entries(AuditQuery(limit: 2))
    #expect(try await ids(entries) == history.ids.reversed())
  }

  @Test("the bounds of the query are kept")
  func bounds() async throws {
    let history = history(rows: 500, seed: 9)
    let from = Date(timeIntervalSince1970: Double(Self.start + 5))
    let to = Date(timeIntervalSince1970: Double(Self.start + 15))
    let all = try await Sample.client(history).audit.entries(AuditQuery(limit: 200))
      .reduce(into: [AuditLogEntry]()) { $0.append($1) }
    let found = try Sample.client(history).audit.entries(
      AuditQuery(createdAtFrom: from, createdAtTo: to, limit: 7))
    #expect(try await ids(found) == all.filter { (from...to).contains($0.createdAt) }.map(\.id))
  }

  // MARK: Following

  private func follow(
    _ history: AuditHistory, from: Int? = nil, count: Int, sleeping: @escaping @Sendable (Int) -> Void
  ) async throws -> [String] {
    let sleeps = Locked(0)
    let timing = Timing(sleep: { _ in
      let number = sleeps.withLock { count in
        count += 1
        return count
      }
      try Task.checkCancellation()
      sleeping(number)
    })
    let client = try PlystraClient(
      baseURL: Sample.baseURL, credentials: Credentials(apiKey: Secret(Sample.apiKey)),
      configuration: PlystraClient.Configuration(), transport: history, timing: timing)
    let query = AuditQuery(createdAtFrom: from.map { Date(timeIntervalSince1970: Double($0)) })
    var found: [String] = []
    for try await row in client.audit.follow(query, every: .seconds(1)) {
      found.append(row.id)
      if found.count == count { break }
    }
    return found
  }

  @Test("new rows come in the order of writing, exactly once, and old ones do not")
  func follows() async throws {
    let history = AuditHistory()
    history.write(300, at: Self.start)
    history.write(20, at: Self.start + 1)
    let found = try await follow(history, count: 110) { number in
      // Some are written in the second that was read already.
      history.write(1 + number % 3, at: Self.start + 1 + number / 2)
    }
    #expect(found == Array(history.ids[320...].prefix(110)))
  }

  @Test("a log that was empty is followed from its first row on")
  func fromNothing() async throws {
    let history = AuditHistory()
    let found = try await follow(history, count: 700) { number in
      for second in 0..<10 { history.write(70, at: Self.start + second) }
    }
    #expect(found == history.ids)
  }

  @Test("a backlog of 5,000 rows is read from the oldest on, a page at a time", arguments: [4, 5])
  func backlog(seed: UInt64) async throws {
    let history = history(rows: 5_000, seed: seed)
    let found = try await follow(history, from: Self.start, count: 5_000) { _ in }
    #expect(found == history.ids)
    #expect(history.requests < 1_000)
  }

  @Test("it ends with the cancellation of its task, and refuses an interval of nothing")
  func ends() async throws {
    let client = try Sample.client(AuditHistory())
    let task = Task {
      for try await _ in client.audit.follow(every: .seconds(3_600)) {}
    }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    let error = try await plystraError {
      for try await _ in client.audit.follow(every: .zero) {}
    }
    #expect(error.kind == .invalidRequest && error.message.hasPrefix("every: "))
  }
}
