import PlystraCore
import PlystraModels
import TestSupport
import Testing

/// Every model with every field set, from `every-field.json`, where a new field is added, too.
@Suite("What a model reads it writes, field by field")
struct EveryFieldTests {
  private static let samples = Result { try JSONValue(parsing: Fixtures.sample("every-field")) }

  @Test("with every field, with none that may be absent, and with each alone")
  func everyModel() throws {
    try check(ActorContext.self)
    try check(ActorIdentity.self)
    try check(ActorSession.self)
    try check(AuditLogEntry.self)
    try check(AuditQuery.self)
    try check(AuthorizationRequest.self)
    try check(Capability.self)
    try check(Capability.Events.self)
    try check(Capability.Manifest.self)
    try check(Capability.Migrations.self)
    try check(Capability.Provisions.self)
    try check(Capability.Requirements.self)
    try check(Capability.Runtime.self)
    try check(Capability.Service.self)
    try check(Capability.ServiceName.self)
    try check(DecisionAudit.self)
    try check(DecisionTrace.self)
    try check(DecisionTrace.Actor.self)
    try check(DecisionTrace.Candidate.self)
    try check(DecisionTrace.Group.self)
    try check(DecisionTrace.Mapping.self)
    try check(DecisionTrace.Member.self)
    try check(DecisionTrace.Permission.self)
    try check(DecisionTrace.RegisteredAction.self)
    try check(DecisionTrace.RegisteredType.self)
    try check(DecisionTrace.Registry.self)
    try check(DecisionTrace.RequestInfo.self)
    try check(DecisionTrace.Resource.self)
    try check(DecisionTrace.Role.self)
    try check(DecisionTrace.ScopeCheck.self)
    try check(DecisionTrace.Space.self)
    try check(DecisionTrace.Target.self)
    try check(DecisionTrace.User.self)
    try check(DecisionTrace.UserMember.self)
    try check(Grant.self)
    try check(Health.self)
    try check(MemberBinding.self)
    try check(Readiness.self)
    try check(Registration.self)
    try check(RegistrationRequest.self)
    try check(ResourceContext.self)
    try check(ResourceType.self)
    try check(ServerVersion.self)
    try check(TokenPair.self)
    try check(UserAccount.self)
    try check(UserSession.self)
  }

  private func check<Model: WireModel>(_ type: Model.Type) throws {
    let name = String(String(reflecting: type).split(separator: ".", maxSplits: 1)[1])
    let full = try #require(try Self.samples.get()[name]?.objectValue, "\(name) is not in every-field.json")
    func written(_ object: JSONObject) throws -> JSONObject {
      let model = try Model(parsing: JSONValue.object(object).serialized())
      return try #require(try JSONValue(parsing: model.serialized()).objectValue)
    }
    let everything = try written(full)
    #expect(everything == full && everything.keys == full.keys, "\(name)")
    let required = full.filter { member in (try? written(full.without(member.key))) == nil }
    let bare = try written(JSONObject(required.map { ($0.key, $0.value) }))
    for (key, value) in full {
      var alone = JSONObject(required.map { ($0.key, $0.value) })
      alone[key] = value
      // Tokens come in twos.
      if ["access_token", "refresh_token"].contains(key) {
        for token in ["access_token", "refresh_token"] { alone[token] = full[token] }
      }
      let result = try written(alone)
      #expect(result[key] == value, "\(name).\(key)")
      for other in full.keys where alone[other] == nil && other != "token_type" {
        // A capability takes its name from its manifest.
        if name == "Capability", other == "name" { continue }
        #expect(result[other] == bare[other], "\(name).\(other) with \(key) alone")
      }
    }
  }
}

extension JSONObject {
  fileprivate func without(_ key: String) -> JSONObject {
    var copy = self
    copy[key] = nil
    return copy
  }
}
