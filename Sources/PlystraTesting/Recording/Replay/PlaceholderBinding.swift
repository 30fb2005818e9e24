/// Which secret of a recording each secret of a replay stands for.
///
/// Neither is known: both are placeholders. They are the same secret if they stand in the same places.
struct PlaceholderBinding: Sendable {
  private enum Piece: Equatable {
    case text([UInt8])
    case placeholder([UInt8])
  }

  /// Where a placeholder of a replay begins its number, to tell it from one of the recording.
  static let livePrefix = "live-"
  private static let liveMark = Array(":\(livePrefix)".utf8)

  var requestIDs = RequestIDBinding()
  private var recordedByLive: [[UInt8]: [UInt8]] = [:]
  private var liveByRecorded: [[UInt8]: [UInt8]] = [:]

  /// Whether a text of a replay is one of the recording; secrets that it binds stay bound even if not.
  mutating func matches(_ live: String, _ recorded: String) -> Bool {
    if live.isExactly(recorded) || requestIDs.matches(live, recorded) { return true }
    let (livePieces, recordedPieces) = (Self.pieces(of: live), Self.pieces(of: recorded))
    guard livePieces.count == recordedPieces.count else { return false }
    return zip(livePieces, recordedPieces).allSatisfy { matches($0, $1) }
  }

  private mutating func matches(_ live: Piece, _ recorded: Piece) -> Bool {
    guard case (.placeholder(let live), .placeholder(let recorded)) = (live, recorded),
      live.firstRange(of: Self.liveMark) != nil
    else { return live == recorded }
    if let bound = recordedByLive[live] { return bound == recorded }
    guard liveByRecorded[recorded] == nil,
      Placeholder.kind(of: live[...]) == Placeholder.kind(of: recorded[...])
    else {
      return false
    }
    recordedByLive[live] = recorded
    liveByRecorded[recorded] = live
    return true
  }

  private static func pieces(of text: String) -> [Piece] {
    let bytes = Array(text.utf8)
    var pieces: [Piece] = []
    var start = 0
    var position = 0
    while position < bytes.count {
      let length = Placeholder.length(at: position, in: bytes)
      if length > 0 {
        if start < position { pieces.append(.text(Array(bytes[start..<position]))) }
        pieces.append(.placeholder(Array(bytes[position..<(position + length)])))
        start = position + length
      }
      position += max(length, 1)
    }
    if start < bytes.count { pieces.append(.text(Array(bytes[start...]))) }
    return pieces
  }
}
