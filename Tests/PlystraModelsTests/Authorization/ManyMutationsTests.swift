import PlystraCore
import PlystraModels
import TestSupport
import Testing

@Suite("Of a million damaged decisions none becomes an allow")
struct ManyMutationsTests {
  private static let seeds = (0..<UInt64(rounds(10))).map { 100 + $0 }

  /// Only what is judged allowed is read a second time, which is slow.
  @Test("unless a second reading says exactly allow", arguments: seeds)
  func damaged(seed: UInt64) throws {
    let allow = try Fixtures.body("authz-check.allow")
    let deny = try Fixtures.body("authz-check.deny")
    var mutation = Mutation(seed: seed)
    var allowed = 0
    for number in 0..<rounds(100_000) {
      let mutant = mutation.mutant(of: number % 2 == 0 ? allow : deny)
      guard judged(mutant) == .allowed else { continue }
      allowed += 1
      #expect(ReferenceDecision(mutant) == .allowed, "\(mutant.text)")
    }
    // Damage to a reason or an id changes no decision.
    #expect(allowed > rounds(1_000))
  }
}
