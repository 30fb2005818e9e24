#if canImport(FoundationNetworking)
import Foundation

/// An operation queue that runs what is added to it at once, on the thread that adds it.
///
/// FoundationNetworking hands every piece of a body to the delegate as an operation of its own, and the stock
/// queue takes them without bound: a body that arrives faster than it is counted piles up in memory. Run
/// inline, libcurl cannot read on before the delegate has taken the last piece.
///
/// `@unchecked Sendable` restates what the superclass says; there is no state here.
final class InlineOperationQueue: OperationQueue, @unchecked Sendable {
  override func addOperation(_ block: @escaping @Sendable () -> Void) { block() }
  override func addOperation(_ operation: Operation) { operation.start() }
}
#endif
