import Foundation
import PlystraCore

/// A pipe that becomes readable once it is rung.
final class Bell: Sendable {
  let descriptor: Int32
  private let writingEnd: Int32

  init() throws {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else {
      throw TransportError(kind: .other, message: "there is no pipe left", mayHaveBeenSent: false)
    }
    (descriptor, writingEnd) = (ends[0], ends[1])
  }

  deinit {
    close(descriptor)
    close(writingEnd)
  }

  func ring() {
    var byte: UInt8 = 1
    _ = write(writingEnd, &byte, 1)
  }
}
