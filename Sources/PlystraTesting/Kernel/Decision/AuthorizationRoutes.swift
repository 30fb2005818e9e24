import PlystraCore

// `authz.check` and `authz.explain` (contract §3 and §4).
extension Exchange {
  func check(_ state: inout KernelState) throws(KernelFailure) -> KernelReply {
    let authority = try state.authority(of: request, for: .check, now: now)
    let input = AuthorizationInput(try body())
    let decision = try decide(input, authority, &state)
    return reply(input.wantsExplanation ? decision.trace : decision.summary, about: decision)
  }

  func explain(_ state: inout KernelState) throws(KernelFailure) -> KernelReply {
    let authority = try state.authority(of: request, for: .explain, now: now)
    let decision = try decide(AuthorizationInput(try body()), authority, &state)
    return reply(decision.trace, about: decision)
  }

  private func reply(_ data: JSONValue, about decision: Decision) -> KernelReply {
    var reply = KernelReply(data)
    reply.headers = [
      ("X-Plystra-Trace-ID", decision.traceID), ("X-Plystra-Audit-Log-ID", decision.auditLogID),
    ]
    return reply
  }

  /// Judges a request and writes the audit row.
  private func decide(
    _ input: AuthorizationInput, _ authority: Authority, _ state: inout KernelState
  ) throws(KernelFailure) -> Decision {
    if case .session = authority.credential, input.isContextMode || input.hasInlineResource {
      throw .inlineContextRequiresAPIKey
    }
    if case .apiKey = authority.credential, !input.namesActor {
      throw .authorizationRequest("actor is required when using an API key")
    }
    guard !input.action.isEmpty else { throw .authorizationRequest("action is required") }
    let question =
      input.isContextMode
      ? try inlineQuestion(input, authority, state) : try managedQuestion(input, authority, state)
    let decision = Decision(
      question: question, judgement: Judgement(of: question, now: now), hexID: randomHex(16),
      request: request)
    state.audit.append(AuditRow(decision, writtenAt: now))
    return decision
  }

  // MARK: What is to be judged

  private func inlineQuestion(
    _ input: AuthorizationInput, _ authority: Authority, _ state: KernelState
  ) throws(KernelFailure) -> Question {
    let actor = try input.inlineActor()
    let target = try input.inlineTarget()
    let grants = try input.inlineGrants(of: actor)
    let spaces = [actor.space.id, target.resource.spaceID] + grants.map(\.roleSpaceID)
    try requireReach(authority, spaces)
    let candidates = grants.filter {
      $0.permission.resource.isExactly(input.resourceType) && $0.permission.action.isExactly(input.action)
    }
    return Question(
      input, actor: actor, registry: state.registry,
      matter: Question.Matter(target: target, candidates: candidates))
  }

  private func managedQuestion(
    _ input: AuthorizationInput, _ authority: Authority, _ state: KernelState
  ) throws(KernelFailure) -> Question {
    let tuple =
      switch authority.credential {
      case .apiKey: try input.actorTuple()
      case .session(let session): try state.actorTuple(of: session, for: input, now: now)
      }
    guard !input.resourceType.isEmpty else {
      throw .authorizationRequest("resource_type or resource.type is required")
    }
    let inlineTarget = input.hasInlineResource ? try input.inlineTarget() : nil
    guard inlineTarget != nil || !input.resourceID.isEmpty else {
      throw .authorizationRequest("resource_id or resource.id is required")
    }
    try requireReach(authority, [tuple.spaceID])
    let actor = try state.actor(tuple)
    // What is not registered is not looked up, so it need not be there.
    guard state.registry.entry(type: input.resourceType, action: input.action) == .registered else {
      return Question(input, actor: actor, registry: state.registry, matter: nil)
    }
    let target = if let inlineTarget { inlineTarget } else { try state.storedTarget(input) }
    try requireReach(authority, [target.resource.spaceID])
    let candidates = state.catalogue.candidates(
      memberID: tuple.memberID, type: input.resourceType, action: input.action)
    return Question(
      input, actor: actor, registry: state.registry,
      matter: Question.Matter(target: target, candidates: candidates))
  }

  private func requireReach(_ authority: Authority, _ spaces: [String]) throws(KernelFailure) {
    guard spaces.allSatisfy(authority.reaches) else { throw authority.outOfReach }
  }
}
