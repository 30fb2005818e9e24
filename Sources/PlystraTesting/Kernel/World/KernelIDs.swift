import PlystraCore

/// Where a kernel takes the digits of its ids and tokens from.
///
/// With a seed, kernels that are asked the same in the same order give the same answers, down to the last id: what a
/// stored answer is compared with. Requests that race each other may still swap their ids.
///
/// ```swift
/// let kernel = InMemoryKernel(ids: .seeded(7))
/// ```
public struct KernelIDs: Sendable, Hashable {
  let seed: UInt64?

  /// Digits that nobody can foretell.
  public static let random = KernelIDs(seed: nil)

  /// Digits that follow from a number, the same in every run. They protect nothing: use them in tests only.
  public static func seeded(_ seed: UInt64) -> KernelIDs { KernelIDs(seed: seed) }
}

/// A sequence of hexadecimal digits that follows from its seed, and never gives the same 16 twice.
final class HexSequence: Sendable {
  private let numbers: Locked<SplitMix64>

  init(seed: UInt64) { numbers = Locked(SplitMix64(seed: seed)) }

  /// How far the sequence has come; setting it repeats what came behind.
  var position: SplitMix64 {
    get { numbers.withLock { $0 } }
    set { numbers.withLock { $0 = newValue } }
  }

  /// The next digits.
  func digits(_ count: Int) -> String {
    numbers.withLock { numbers in HexDigits.text(count) { numbers.next() } }
  }
}
