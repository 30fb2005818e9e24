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
    let rows = state.withLock { state in
      state.requests += 1
      return state.seconds.enumerated().reversed()
        .filter { Double($0.element) >= from && Double($0.element) <= to }.prefix(limit)
        .map { index, second in
          let time = Timestamp.text(of: Date(timeIntervalSince1970: Double(second)))
          return #"{"id":"row_\#(index)","action":"a.b","decision":"deny","created_at":"\#(time)"}"#
        }
    }
    let page = #""pagination":{"limit":\#(limit),"cursor":null,"has_more":false}"#
    return TransportResponse(
      status: 200, body: Array(#"{"data":[\#(rows.joined(separator: ","))],\#(page)}"#.utf8))
  }
}
