import PlystraCore

/// Easy handles that are not in use, the one used last on top: its memory is still in the processor's cache.
struct EasyHandlePool {
  private let limits: TransferLimits
  private let sessions: UnsafeMutableRawPointer
  private var idle: [EasyHandle] = []

  /// - Parameter sessions: the TLS sessions that all of them share, which outlive them.
  init(limits: TransferLimits, sessions: UnsafeMutableRawPointer) {
    self.limits = limits
    self.sessions = sessions
  }

  /// - Throws: ``TransportError`` if libcurl has no memory for another one.
  mutating func take() throws(TransportError) -> EasyHandle {
    if let handle = idle.popLast() { return handle }
    return try EasyHandle(limits: limits, sessions: sessions)
  }

  mutating func put(_ handle: EasyHandle) {
    guard idle.count < limits.pooledConnections else { return }
    handle.forget()
    idle.append(handle)
  }

  mutating func removeAll() { idle = [] }
}
