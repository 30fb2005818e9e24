import Foundation
import PlystraTesting
import TestSupport

@testable import PlystraCore

/// A service that has nothing but an audit log, without cursors, whose times are cut to the second.
final class AuditHistory: HTTPTransport {
  private struct State {
    /// The second in which each row was written, the earliest first; the index is the id.
    var seconds: [Int] = []
    var requests = 0
  }

  private let state = Locked(State())

  var requests: Int { state.withLock { $0.requests } }
  var ids: [String] { state.withLock { $0.seconds.indices.map { "row_\($0)" } } }

  func write(_ count: Int, at second: Int) {
    state.withLock { $0.seconds += Array(repeating: second, count: count) }
  }

  func send(_ request: TransportRequest) async throws -> TransportResponse {
    let items = URLComponents(string: request.url)?.queryItems ?? []
    func value(_ name: String) -> String? { items.first { $0.name == name }?.value }
    func second(_ name: String) -> Double? {
      value(name).flatMap { Timestamp.date(from: $0) }?.timeIntervalSince1970
    }
    let (from, to) = (second("created_at_from") ?? 0, second("created_at_to") ?? .infinity)
    let limit = value("limit").flatMap { Int($0) } ?? 50
    let seconds = state.withLock { state in
      state.requests += 1
      return state.seconds
    }
    // The rows are in the order of their times, so the newest of the span is found by halving.
    var (low, high) = (0, seconds.count)
    while low < high {
      let middle = (low + high) / 2
      if Double(seconds[middle]) <= to { low = middle + 1 } else { high = middle }
    }
    var rows: [String] = []
    for index in seconds.indices[..<low].reversed() {
      if rows.count == limit || Double(seconds[index]) < from { break }
      let time = Timestamp.text(of: Date(timeIntervalSince1970: Double(seconds[index])))
      rows.append(#"{"id":"row_\#(index)","action":"a.b","decision":"deny","created_at":"\#(time)"}"#)
    }
    let page = #""pagination":{"limit":\#(limit),"cursor":null,"has_more":false}"#
    return TransportResponse(
      status: 200, body: Array(#"{"data":[\#(rows.joined(separator: ","))],\#(page)}"#.utf8))
  }
}
