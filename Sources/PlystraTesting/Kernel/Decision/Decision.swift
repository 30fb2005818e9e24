import PlystraCore

/// A question, its answer, and the request that asked: what the audit log keeps.
struct Decision: Sendable {
  let question: Question
  let judgement: Judgement
  private let hexID: String
  let requestID: String
  let remoteAddress: String
  let userAgent: String

  /// Joins them under the 16 digits that name both trace and audit row.
  init(question: Question, judgement: Judgement, hexID: String, request: KernelRequest) {
    self.question = question
    self.judgement = judgement
    self.hexID = hexID
    requestID = request.requestID
    remoteAddress = request.remoteAddress
    userAgent = request.userAgent
  }

  var traceID: String { "trc_\(hexID)" }
  var auditLogID: String { "audit_\(hexID)" }
  var effect: String { judgement.isAllowed ? "allow" : "deny" }
  /// The action as audit rows write it.
  var auditedAction: String { "\(question.resourceType).\(question.action)" }
}

extension Decision {
  /// What `authz.check` answers unless it is asked to explain.
  var summary: JSONValue {
    [
      "allow": .bool(judgement.isAllowed), "decision": .string(effect), "deny_code": denyCode,
      "reason": .string(judgement.reason), "trace_id": .string(traceID),
      "audit_log_id": .string(auditLogID), "audit": audit,
    ]
  }

  /// The whole trace, as `authz.explain` answers it and audit rows keep it.
  var trace: JSONValue {
    let space = question.actor.space.answer
    return [
      "trace_version": "1.0", "trace_id": .string(traceID), "decision": .string(effect),
      "deny_code": denyCode, "actor": question.actor.answer, "space": space, "target": target,
      "resource_registry": registry, "matched_candidates": candidates, "request": requestAnswer,
      "reason": .string(judgement.reason), "audit": audit,
    ]
  }

  private var denyCode: JSONValue { judgement.denyCode.map { .string($0) } ?? .null }

  private var audit: JSONValue {
    let actor = question.actor
    return [
      "audit_log_id": .string(auditLogID), "actor_user_id": .string(actor.userID),
      "actor_member_id": .string(actor.member.id), "actor_user_member_id": .string(actor.binding.id),
      "space_id": .string(actor.space.id), "action": .string(auditedAction),
      "resource_type": .string(question.resourceType), "resource_id": .string(question.resourceID),
      "decision": .string(effect), "deny_code": denyCode, "request_id": .string(requestID),
    ]
  }

  private var registry: JSONValue {
    question.matter == nil
      ? ResourceRegistry.emptyDescription
      : ResourceRegistry.description(type: question.resourceType, action: question.action)
  }

  private var target: JSONValue { question.matter?.target.answer ?? Target.emptyAnswer }

  private var candidates: JSONValue {
    guard let matter = question.matter else { return .null }
    return .array(zip(matter.candidates, judgement.checks).map { $0.answer(check: $1) })
  }

  /// The request's own part; the service leaves out what it does not know.
  private var requestAnswer: JSONValue {
    var answer: JSONObject = ["request_id": .string(requestID)]
    if !remoteAddress.isEmpty { answer["ip"] = .string(remoteAddress) }
    if !userAgent.isEmpty { answer["user_agent"] = .string(userAgent) }
    return .object(answer)
  }
}
