import PlystraCore

/// Easy handles that are not in use, the one used last on top: its memory is still in the processor's cache.
struct EasyHandlePool {
  private var limits: TransferLimits
  private let multi: MultiHandle
  private var idle: [EasyHandle] = []
  /// Counts the changes of the certificates.
  private var version = 0

  /// - Parameter multi: what all of them are for, which outlives them.
  init(limits: TransferLimits, multi: MultiHandle) {
    self.limits = limits
    self.multi = multi
  }

  /// - Throws: ``TransportError`` if libcurl has no memory for another one.
  mutating func take() throws(TransportError) -> EasyHandle {
    if let handle = idle.popLast() { return handle }
    return try EasyHandle(limits: limits, version: version, multi: multi)
  }

  /// Has handles use other certificates from now on; those in use keep theirs until they are put back.
  mutating func reload(_ material: TLSMaterial) {
    limits.network.material = material
    version += 1
    idle = []
  }

  mutating func put(_ handle: EasyHandle) {
    handle.forget()
    guard handle.version == version, idle.count < limits.pooledConnections else { return }
    idle.append(handle)
  }

  mutating func removeAll() { idle = [] }
}
