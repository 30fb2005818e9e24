import PlystraCore

/// Which request id of a recording each request id of a replay stands for.
///
/// A client makes new ids in every run, and believes only responses that name the id it sent.
struct RequestIDBinding: Sendable {
  private var recordedByLive: [String: String] = [:]
  private var liveByRecorded: [String: String] = [:]

  mutating func bind(_ live: String?, to recorded: String?) {
    guard let live, let recorded else { return }
    recordedByLive[live] = recorded
    liveByRecorded[recorded] = live
  }

  /// Whether a text of a replay is an id that stands for this one of the recording.
  func matches(_ live: String, _ recorded: String) -> Bool { recordedByLive[live] == recorded }

  /// A recorded response with the ids of the replay in place of those that they stand for.
  func renamed(_ response: TransportResponse) -> TransportResponse {
    var response = response
    response.headers = TransportHeaders(
      response.headers.map { ($0.name, liveByRecorded[$0.value] ?? $0.value) })
    response.body = renamed(response.body)
    return response
  }

  /// The body with every JSON text replaced that is such an id. An id holds nothing that JSON escapes (contract §6).
  private func renamed(_ body: [UInt8]) -> [UInt8] {
    let quote = UInt8(ascii: "\"")
    var result: [UInt8] = []
    var rest = body[...]
    while let start = rest.firstIndex(of: quote) {
      result += rest[...start]
      rest = rest[(start + 1)...]
      var end = rest.startIndex
      while end < rest.endIndex, rest[end] != quote { end += rest[end] == UInt8(ascii: "\\") ? 2 : 1 }
      guard end < rest.endIndex else { break }
      let text = rest[..<end]
      if text.count <= 128, let live = liveByRecorded[String(decoding: text, as: UTF8.self)] {
        result += live.utf8
      } else {
        result += text
      }
      result.append(quote)
      rest = rest[(end + 1)...]
    }
    return result + rest
  }
}
