import Foundation
import PlystraCore
import PlystraModels
import TestSupport
import Testing

@Suite("The parts of traces and capabilities are stored by themselves")
struct TracePartsCodableTests {
  /// Stores a part and reads it again, under the names of the wire.
  private func check<Part: WireValue & Codable & Equatable>(_ part: Part) throws {
    let data = try JSONEncoder().encode(part)
    #expect(try JSONDecoder().decode(Part.self, from: data) == part)
    let wire = try part.serialized()
    #expect(try JSONValue(parsing: data) == JSONValue(parsing: wire))
    #expect(throws: DecodingError.self) { try JSONDecoder().decode(Part.self, from: Data("[1]".utf8)) }
  }

  @Test("the parts of a trace")
  func trace() throws {
    let decision = try #require(try Envelope<Decision>(parsing: Fixtures.body("authz-explain.allow")).data)
    let trace = try #require(decision.trace)
    try check(trace.actor)
    try check(trace.actor.user)
    try check(trace.actor.member)
    try check(trace.actor.userMember)
    try check(trace.space)
    try check(trace.target)
    try check(trace.target.resource)
    try check(try #require(trace.target.group))
    try check(trace.registry)
    try check(trace.registry.resourceType)
    try check(trace.registry.action)
    try check(trace.registry.mapping)
    try check(trace.request)
    #expect(trace.matchedCandidates.count == 3)
    for candidate in trace.matchedCandidates {
      try check(candidate)
      try check(candidate.role)
      try check(candidate.permission)
      try check(candidate.scopeCheck)
    }
  }

  @Test("the parts of a capability")
  func capability() throws {
    let capabilities = try #require(
      try Envelope<[Capability]>(parsing: Fixtures.body("capabilities")).data)
    #expect(!capabilities.isEmpty)
    for capability in capabilities {
      let manifest = try #require(capability.manifest)
      try check(manifest)
      if let runtime = manifest.runtime { try check(runtime) }
      if let requirements = manifest.requires { try check(requirements) }
      guard let provisions = manifest.provides else { continue }
      try check(provisions)
      for service in provisions.services { try check(service) }
      if let migrations = provisions.migrations { try check(migrations) }
      if let events = provisions.events { try check(events) }
    }
    for service in capabilities.flatMap(\.services) { try check(service) }
  }
}
