import PlystraCore
import PlystraModels
import TestSupport
import Testing

@Suite("No damaged answer becomes an allow")
struct DecisionMutationTests {
  static let bodies = ["authz-check.allow", "authz-check.deny", "authz-explain.unregistered"]
  static let longBodies = ["authz-explain.allow", "authz-explain.flat"]

  /// Damages a body over and over, and counts what came of it.
  private func damage(_ body: [UInt8], times: Int, seed: UInt64) -> (allowed: Int, refused: Int) {
    var mutation = Mutation(seed: seed)
    var counts = (allowed: 0, refused: 0)
    for _ in 0..<times {
      let mutant = mutation.mutant(of: body)
      switch judged(mutant) {
      case .allowed:
        counts.allowed += 1
        #expect(ReferenceDecision(mutant) == .allowed, "\(mutant.text)")
      case .denied:
        #expect(ReferenceDecision(mutant) == .denied, "\(mutant.text)")
      case .refused:
        counts.refused += 1
      }
    }
    return counts
  }

  @Test("unless a second reading says exactly allow", arguments: bodies, [1, 2, 3] as [UInt64])
  func damaged(name: String, seed: UInt64) throws {
    let counts = damage(try Fixtures.body(name), times: rounds(2_000), seed: seed)
    #expect(counts.refused > rounds(500))
    // Damage to a reason or an id changes no decision: the test must see allows, too.
    #expect(name == "authz-check.allow" ? counts.allowed > rounds(50) : counts.allowed == 0)
  }

  @Test("nor does a long one", arguments: longBodies, [4, 5] as [UInt64])
  func damagedLong(name: String, seed: UInt64) throws {
    let counts = damage(try Fixtures.body(name), times: rounds(600), seed: seed)
    #expect(counts.refused > rounds(100))
    #expect(counts.allowed >= rounds(20))
  }

  /// Answers of the fields that decide and little else, so that most of them are well-formed.
  @Test(
    "every mixture of the fields that decide is judged as the contract says",
    arguments: [6, 7, 8, 9] as [UInt64])
  func mixtures(seed: UInt64) {
    var source = AnswerSource(seed: seed)
    var counts: [Int] = [0, 0, 0]
    for _ in 0..<rounds(4_000) {
      let text = source.answer()
      let expected = ReferenceDecision(Array(text.utf8))
      #expect(judged(Array(text.utf8)) == expected, "\(text)")
      counts[expected == .allowed ? 0 : expected == .denied ? 1 : 2] += 1
    }
    #expect(counts.allSatisfy { $0 > rounds(200) }, "\(counts)")
  }
}

/// Makes answers from right and wrong members in any order and number.
private struct AnswerSource {
  var random: SeededGenerator

  init(seed: UInt64) { random = SeededGenerator(seed: seed) }

  private mutating func pick(_ likely: [String], _ unlikely: [String]) -> String {
    let choices = random.oneIn(5) ? unlikely : likely
    return choices.randomElement(using: &random) ?? ""
  }

  private mutating func member(_ key: String, _ value: String) -> String {
    let bytes = Array(key.utf8)
    guard random.oneIn(6), let place = bytes.indices.randomElement(using: &random) else {
      return "\"\(key)\":\(value)"
    }
    let code = String(bytes[place], radix: 16)
    return "\"\(bytes[..<place].map { String(Unicode.Scalar($0)) }.joined())\\u00\(code)"
      + "\(bytes[(place + 1)...].map { String(Unicode.Scalar($0)) }.joined())\":\(value)"
  }

  private mutating func object(_ members: [String]) -> String {
    "{" + members.shuffled(using: &random).joined(separator: ",") + "}"
  }

  private mutating func effect() -> String {
    pick(
      ["\"allow\"", "\"allow\"", "\"deny\""], ["\"ALLOW\"", "\"maybe\"", "\"\"", "null", "1", "true", "{}"])
  }

  private mutating func denyCode() -> String {
    pick(["null", "\"\""], ["\"SCOPE_OUT_OF_BOUNDS\"", "\"X\"", "0", "false", "[]"])
  }

  private mutating func beneath() -> String {
    if random.oneIn(8) {
      return ["null", "[]", "\"allow\"", "{}", "true"].randomElement(using: &random) ?? "null"
    }
    var members = [member("decision", effect())]
    if random.oneIn(2) { members.append(member("deny_code", denyCode())) }
    if random.oneIn(20) { members.append(member("decision", effect())) }
    if random.oneIn(20) { members.removeFirst() }
    return object(members)
  }

  private mutating func decision() -> String {
    var members: [String] = []
    if !random.oneIn(20) { members.append(member("decision", effect())) }
    if random.oneIn(2) {
      members.append(member("allow", pick(["true", "true", "false"], ["null", "1", "\"true\"", "[]", "0"])))
    }
    if random.oneIn(2) { members.append(member("deny_code", denyCode())) }
    if random.oneIn(4) { members.append(member("trace", beneath())) }
    if random.oneIn(4) { members.append(member("audit", beneath())) }
    if random.oneIn(3) { members.append(member("reason", "\"because\"")) }
    if random.oneIn(3) { members.append(member("other", "{\"allow\":[true,{\"decision\":\"deny\"}]}")) }
    if random.oneIn(10), let again = members.randomElement(using: &random) { members.append(again) }
    return object(members)
  }

  mutating func answer() -> String {
    var members: [String] = []
    if !random.oneIn(30) { members.append(member("data", random.oneIn(30) ? "null" : decision())) }
    if random.oneIn(4) { members.append(member("error", pick(["null"], ["{}", "false", "\"x\"", "[]"]))) }
    if random.oneIn(2) { members.append(member("request_id", pick(["\"req_1\""], ["7", "null"]))) }
    if random.oneIn(20), let again = members.randomElement(using: &random) { members.append(again) }
    return object(members)
  }
}
