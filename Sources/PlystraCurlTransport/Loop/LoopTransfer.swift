import PlystraCore

/// A transfer as the loop thread has it: where it waits or runs.
struct LoopTransfer {
  enum Stage {
    /// In the queue of its host.
    case waiting(ticket: Int)
    /// Taken from the queue, not yet with libcurl.
    case starting
    /// With libcurl.
    case running(EasyHandle, since: MonotonicTime)
  }

  let transfer: Transfer
  /// The slot of its host.
  let host: Int
  /// Whether its task runs on the loop thread.
  let isLocal: Bool
  var stage: Stage

  /// Whether some of the request may have reached the server.
  var mayHaveBeenSent: Bool {
    if case .running(let handle, _) = stage { return handle.hasSentBytes }
    return false
  }

  /// Its use of a connection, once its request was sent.
  var connectionUse: ConnectionTable.Use? {
    if case .running(let handle, _) = stage { return handle.connectionUse }
    return nil
  }

  /// The failure if the deadline passes at this stage.
  var timeoutError: TransportError {
    guard case .running(let handle, _) = stage else {
      return .timeout("while waiting for one of the connections to the host", mayHaveBeenSent: false)
    }
    return .timeout(handle.activity, mayHaveBeenSent: handle.hasSentBytes)
  }

  /// How far it has come; nil unless its request asks for it.
  func metrics(at now: MonotonicTime) -> TransportMetrics? {
    guard transfer.request.collectsMetrics else { return nil }
    guard case .running(let handle, let since) = stage else {
      return TransportMetrics(queueing: transfer.start.duration(until: now))
    }
    var metrics = handle.metrics(elapsed: since.duration(until: now))
    metrics.queueing = transfer.start.duration(until: since) + (metrics.queueing ?? .zero)
    return metrics
  }
}
