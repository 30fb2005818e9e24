import PlystraCore
import PlystraModels

extension Decision {
  /// The same decision as the answer to a call with this id.
  func adopting(_ requestID: String) -> Decision {
    var decision = self
    decision.requestID = decision.requestID ?? requestID
    return decision
  }
}
