import PlystraCore

/// A transfer as the loop thread holds it, from its submission to its end.
final class Exchange {
  enum Stage {
    /// In the queue of its host.
    case waiting(ticket: Int)
    /// Taken from the queue, not yet with libcurl.
    case starting
    /// With libcurl.
    case running(EasyHandle)
    case ended
  }

  let transfer: Transfer
  let host: HostQueue
  /// Where the engine's table has it.
  let slot: Int
  var stage = Stage.starting
  /// Where the heap of deadlines has it; nil if it is not there.
  var deadlinePlace: Int?

  init(_ transfer: Transfer, host: HostQueue, slot: Int) {
    self.transfer = transfer
    self.host = host
    self.slot = slot
  }

  func begin(on handle: EasyHandle) {
    handle.exchange = self
    stage = .running(handle)
    host.didStart()
  }

  /// Leaves the queue or the easy handle; returns the handle, which is still with libcurl, to be taken back.
  func leaveStage() -> EasyHandle? {
    defer { stage = .ended }
    switch stage {
    case .waiting(let ticket):
      host.withdraw(ticket: ticket)
      return nil
    case .starting, .ended:
      return nil
    case .running(let handle):
      handle.exchange = nil
      host.didEnd()
      return handle
    }
  }

  /// Whether some of the request may have reached the server.
  var mayHaveBeenSent: Bool {
    if case .running(let handle) = stage { return handle.hasSentBytes }
    return false
  }

  /// The failure if the deadline passes at this stage.
  var timeoutError: TransportError {
    guard case .running(let handle) = stage else {
      return .timeout("while waiting for one of the connections to the host", mayHaveBeenSent: false)
    }
    return .timeout(handle.activity, mayHaveBeenSent: handle.hasSentBytes)
  }
}
