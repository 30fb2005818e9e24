import PlystraCore
import PlystraModels
import TestSupport
import Testing

/// Reads one sample body and expects what it says, field by field.
typealias FixtureCheck = @Sendable (_ body: [UInt8]) throws -> Void

@Suite("Every sample body is read, field by field")
struct FixtureTests {
  static let checks = SystemFixtures.checks
    .merging(IdentityFixtures.checks) { first, _ in first }
    .merging(AuthorizationFixtures.checks) { first, _ in first }
    .merging(AuditFixtures.checks) { first, _ in first }
    .merging(ErrorFixtures.checks) { first, _ in first }

  static let names = (try? Fixtures.names()) ?? []

  @Test("the body says what the model says", arguments: names)
  func body(name: String) throws {
    let check = try #require(Self.checks[name], "no check reads the fixture \(name): add one")
    try check(Fixtures.body(name))
  }

  @Test("there is a body for every check")
  func everyCheckRuns() throws {
    #expect(try Set(Fixtures.names()) == Set(Self.checks.keys))
    #expect(Self.names.count >= 29)
  }
}

/// The id of the call in every sample body.
let sampleRequestID = "req_01hzyj6b6q8"

/// The value of `data` in an answer that must not hold an error.
func data<Value: WireValue>(_ type: Value.Type, in body: [UInt8]) throws -> Value {
  let envelope = try Envelope<Value>(parsing: body)
  #expect(envelope.requestID == sampleRequestID)
  return try #require(envelope.data)
}

/// Expects that a model, written again, says all that the JSON said, but for what means "none".
func expectLossless(_ written: some WireValue, from value: JSONValue?) throws {
  let bytes = try written.serialized()
  #expect(try JSONValue(parsing: bytes).withoutBlanks == value?.withoutBlanks)
}

extension JSONValue {
  /// The value without members that are null, empty texts, or empty lists and objects.
  var withoutBlanks: JSONValue {
    switch self {
    case .array(let elements): return .array(elements.map(\.withoutBlanks))
    case .object(let object):
      let members = object.map { ($0.key, $0.value.withoutBlanks) }
      return .object(JSONObject(members.filter { !$0.1.isBlankOnTheWire }))
    default: return self
    }
  }

  private var isBlankOnTheWire: Bool { [.null, "", [], [:]].contains(self) }
}
