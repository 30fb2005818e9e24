/// How often a fault happens.
public struct FaultRate: Sendable, Hashable {
  /// The fault.
  public var fault: Fault
  /// The share of requests that it happens to, 0…1.
  public var rate: Double

  /// Makes a rate: `FaultRate(.resetAfterSending, 0.05)` happens to five of a hundred requests.
  public init(_ fault: Fault, _ rate: Double) {
    self.fault = fault
    self.rate = rate
  }
}
