import PlystraCore
import PlystraModels
import TestSupport

/// What contract §4 makes of an answer to `check` or `explain`, read a second time: slowly and from the tree of
/// ``ReferenceJSON``, which keeps repeated keys.
enum ReferenceDecision: Equatable {
  case allowed
  case denied
  case refused

  init(_ bytes: [UInt8]) {
    guard let answer = ReferenceJSON.parse(bytes), !answer.hasRepeatedKey else {
      self = .refused
      return
    }
    self = Self.judge(answer: answer)
  }

  private static func judge(answer: ReferenceJSON) -> ReferenceDecision {
    let errors = answer.values(of: "error")
    let data = answer.values(of: "data")
    guard errors.count <= 1, errors.allSatisfy(\.isNull), data.count == 1 else { return .refused }
    return judge(decision: data[0])
  }

  private static func judge(decision: ReferenceJSON) -> ReferenceDecision {
    let allow = decision.values(of: "allow")
    let effect = decision.values(of: "decision")
    let denyCode = decision.values(of: "deny_code")
    guard allow.count <= 1, effect.count == 1, denyCode.count <= 1, case .string(let word) = effect[0],
      denyCode.allSatisfy(\.isTextOrNull)
    else { return .refused }
    let saysAllow = word.utf8.elementsEqual("allow".utf8)
    switch allow.first {
    case nil: break
    case .bool(let flag): if flag != saysAllow { return .refused }
    default: return .refused
    }
    guard agrees(decision.values(of: "trace"), word: word, isDecided: true),
      agrees(decision.values(of: "audit"), word: word, isDecided: false)
    else { return .refused }
    if saysAllow, denyCode.contains(where: \.isDenyCode) { return .refused }
    return saysAllow ? .allowed : .denied
  }

  /// Whether what stands beneath a decision does not speak against it: a trace must decide, and decide the same; an
  /// audit record decides nothing (contract §4), and has to be well-formed only.
  private static func agrees(_ parts: [ReferenceJSON], word: String, isDecided: Bool) -> Bool {
    guard parts.count <= 1 else { return false }
    guard let part = parts.first, !part.isNull else { return true }
    guard case .object = part else { return false }
    let effect = part.values(of: "decision")
    let denyCode = part.values(of: "deny_code")
    guard effect.count <= 1, denyCode.count <= 1, (effect + denyCode).allSatisfy(\.isTextOrNull) else {
      return false
    }
    guard isDecided else { return true }
    guard case .string(word)? = effect.first else { return false }
    return word != "allow" || !denyCode.contains(where: \.isDenyCode)
  }
}

extension ReferenceJSON {
  fileprivate var isNull: Bool { if case .null = self { true } else { false } }
  fileprivate var isTextOrNull: Bool { if case .string = self { true } else { isNull } }
  fileprivate var isDenyCode: Bool { if case .string(let text) = self { !text.isEmpty } else { false } }
}

/// What the product makes of the same answer.
func judged(_ bytes: [UInt8]) -> ReferenceDecision {
  guard let decision = (try? Envelope<Decision>(parsing: bytes))?.data else { return .refused }
  return decision.isAllowed ? .allowed : .denied
}
