import PlystraCore

/// The way from a login to the audit log, step by step, with everything that is shown checked.
struct Tour {
  /// Something was not as it should be.
  struct Surprise: Error {
    let message: String
  }

  let plystra: PlystraClient
  let account: Settings.Account?
  let console: Console

  /// Runs all steps.
  ///
  /// - Throws: ``PlystraError`` of a failed call, or ``Surprise`` when an answer is not the one that is to be shown.
  func run() async throws {
    try await showHealth()
    let session = try await logIn()
    if session != nil { try await showActor() }
    let allowed = try await checkAllowed()
    let denied = try await checkDenied()
    try await showAudit(of: [allowed, denied])
    if let session {
      try await plystra.auth.logout(refreshToken: session.tokens.refreshToken)
      console.step("Logout")
      console.line("session", "ended")
    }
  }

  private func showHealth() async throws {
    let health = try await plystra.system.health()
    let version = try await plystra.system.version()
    console.step("Health")
    console.line("status", health.status)
    console.line("version", version.version ?? "not said")
  }

  private func logIn() async throws -> UserSession? {
    console.step("Login")
    guard let account else {
      console.line("skipped", "set PLYSTRA_EMAIL and PLYSTRA_PASSWORD to log in")
      return nil
    }
    let session = try await plystra.auth.login(email: account.email, password: account.password)
    try plystra.setAccessToken(session.tokens.accessToken)
    console.line("user", session.user.id)
    console.line("tokens", "access \(session.tokens.accessToken), refresh \(session.tokens.refreshToken)")
    return session
  }

  private func showActor() async throws {
    let context = try await plystra.actor.context()
    console.step("Actor")
    console.line("member", context.actor?.memberID ?? "none")
    console.line("space", context.actor?.spaceID ?? "none")
    console.line("binding", context.actor?.userMemberID ?? "none")
  }

  private func checkAllowed() async throws -> Decision {
    let decision = try await plystra.authz.check(Self.question(about: "invoice_001", in: "finance.apac"))
    console.step("May alice approve invoice_001 of finance.apac?")
    show(decision)
    guard decision.isAllowed else {
      throw Surprise(message: "approving invoice_001 should be allowed and is not: \(decision.reason)")
    }
    return decision
  }

  private func checkDenied() async throws -> Decision {
    let question = Self.question(about: "invoice_002", in: "legal.emea")
    let decision = try await plystra.authz.check(question)
    console.step("May alice approve invoice_002 of legal.emea?")
    show(decision)
    guard !decision.isAllowed, decision.denyCode == .scopeOutOfBounds else {
      throw Surprise(message: "approving invoice_002 should be denied with SCOPE_OUT_OF_BOUNDS and is not")
    }
    let explained = try await plystra.authz.explain(question)
    guard let trace = explained.trace, !explained.isAllowed else {
      throw Surprise(message: "the denied decision should come with its explanation and does not")
    }
    console.step("Why not?")
    for candidate in trace.matchedCandidates {
      console.line(
        "grant",
        "\(candidate.role.key): \(candidate.permission.scope) of \(candidate.scopeAnchor?.path ?? "-")")
      console.line("covers", candidate.scopeCheck.covered ? "yes" : "no, \(candidate.scopeCheck.reason)")
    }
    console.line("trace", explained.traceID ?? "none")
    console.line("audit log", explained.auditLogID ?? "none")
    return decision
  }

  private func showAudit(of decisions: [Decision]) async throws {
    let rows = try await plystra.audit.list(
      AuditQuery(spaceID: "space_acme", requestID: decisions.first?.requestID, limit: 10))
    console.step("Audit log of this call id")
    for row in rows {
      console.line(
        row.id, "\(row.decision) \(row.action) \(row.resourceID ?? "-") \(row.denyCode?.rawValue ?? "")")
    }
    for decision in decisions where !rows.contains(where: { $0.id == decision.auditLogID }) {
      throw Surprise(
        message: "the audit log should hold \(decision.auditLogID ?? "a row of the decision") and does not")
    }
  }

  private func show(_ decision: Decision) {
    console.line("decision", decision.effect.rawValue)
    if let code = decision.denyCode { console.line("deny code", code.rawValue) }
    console.line("reason", decision.reason)
    console.line("member", decision.audit?.actorMemberID ?? "none")
    console.line("trace", decision.traceID ?? "none")
    console.line("audit log", decision.auditLogID ?? "none")
    console.line("request", decision.requestID ?? "none")
  }

  /// May the finance reviewer, granted approval of all that lies under `finance`, approve an invoice?
  private static func question(about invoice: String, in groupPath: String) -> AuthorizationRequest {
    AuthorizationRequest(
      actor: ActorContext(
        userID: "user_alice", memberID: "member_finance_reviewer", spaceID: "space_acme",
        bindingID: "um_alice_finance_reviewer"),
      resource: ResourceContext(
        type: "invoice", externalID: invoice, spaceID: "space_acme", groupPath: groupPath,
        ownerMemberID: "member_invoice_creator"),
      grants: [
        Grant(
          scope: .groupTree, resource: "invoice", action: "approve", roleKey: "finance_approver",
          spaceID: "space_acme", scopeAnchorGroupPath: "finance")
      ],
      action: "approve")
  }
}
