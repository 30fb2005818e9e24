import PlystraCore
import Testing

/// The walk that looks for secrets would be of no use if it did not find them.
@Suite("Walking through values")
struct PrintoutTests {
  private class Base {
    let hidden = "needle"
  }
  private final class Derived: Base, CustomStringConvertible {
    var own: Base?
    var description: String { "nothing" }
  }
  private struct Quiet: CustomStringConvertible, CustomDebugStringConvertible, Encodable {
    let value = "needle"
    var description: String { "nothing" }
    var debugDescription: String { "nothing" }
  }
  private enum Payload: Error {
    case some([String: [Quiet]])
  }
  private struct Bytes: CustomReflectable {
    let bytes = Array("needle".utf8)
    var customMirror: Mirror { Mirror(self, children: ["bytes": bytes]) }
  }

  @Test("finds a text wherever it may stand")
  func finds() {
    let circular = Derived()
    circular.own = circular
    let failure = PlystraError(kind: .api, message: "", underlyingError: Payload.some(["a": [Quiet()]]))
    let values: [Any] = [
      "a needle b", ["k": "needle"], ["needle": 1], Optional.some(["x", "needle"]) as Any, (1, ("needle", 2)),
      Derived(), circular, Quiet(), Payload.some(["a": [Quiet()]]), failure, Bytes(), Array("needle".utf8),
      TransportError(kind: .other, message: "", mayHaveBeenSent: true, underlyingError: failure),
      TransportError(kind: .other, message: "needle", mayHaveBeenSent: true),
      PlystraError(kind: .api, message: "", details: ["x": ["needle": nil]]),
      TransportHeaders([(name: "X-Other", value: "needle")]),
    ]
    for (index, value) in values.enumerated() { #expect(Printout(of: value).shows("needle"), "\(index)") }
  }

  @Test("finds nothing where nothing is, and ends")
  func findsNothing() {
    for value in [1, "other", Secret("needle"), [Secret("needle")], TransportHeaders()] as [Any] {
      #expect(!Printout(of: value).shows("needle"))
    }
  }
}
