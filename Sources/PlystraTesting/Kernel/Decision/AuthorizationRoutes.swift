import PlystraCore

// `authz.check` and `authz.explain` (contract §3 and §4).
extension Exchange {
  func check(_ state: inout KernelState) throws(KernelFailure) -> KernelReply {
    let authority = try state.authority(of: request, for: .check, now: now)
    let input = try AuthorizationInput(try body())
    let decision = try decide(input, authority, &state)
    return reply(input.request.explain ? decision.trace : decision.summary, about: decision)
  }

  func explain(_ state: inout KernelState) throws(KernelFailure) -> KernelReply {
    let authority = try state.authority(of: request, for: .explain, now: now)
    let decision = try decide(try AuthorizationInput(try body()), authority, &state)
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
    switch authority.credential {
    case .apiKey: try input.validate(forAPIKey: true)
    case .session:
      guard !input.request.isContextMode, !input.request.hasInlineResource else {
        throw .inlineContextRequiresAPIKey
      }
      try input.validate(forAPIKey: false)
    }
    let question =
      input.request.isContextMode
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
    let actor = input.inlineActor
    let target = input.inlineTarget
    let grants = input.inlineGrants
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
      case .apiKey: input.actorTuple
      case .session(let session): try state.actorTuple(of: session, for: input, now: now)
      }
    try requireReach(authority, [tuple.spaceID])
    let actor = try state.actor(tuple)
    // What is not registered is not looked up, so it need not be there.
    guard state.registry.entry(type: input.resourceType, action: input.action) == .registered else {
      return Question(input, actor: actor, registry: state.registry, matter: nil)
    }
    let target = input.request.hasInlineResource ? input.inlineTarget : try state.storedTarget(input)
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
