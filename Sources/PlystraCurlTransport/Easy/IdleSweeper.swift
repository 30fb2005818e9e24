import CLibcurl

/// Has libcurl drop connections that have been idle for their time, or were closed.
///
/// libcurl looks for them when a transfer begins, and at no other time: since 8.22.0, only if the transfer may use one. This
/// is a transfer that may, begins, and comes to nothing: it leads to a socket in the file system, in a place where there is
/// none. Confined to the loop thread.
final class IdleSweeper {
  let pointer: UnsafeMutableRawPointer

  /// Nil if this libcurl does not serve for it: connections then stay until the next request begins.
  init?(idleSeconds: Int) {
    guard let pointer = plystra_easy_init() else { return nil }
    self.pointer = pointer
    let codes = [
      plystra_easy_set_string(pointer, CURLOPT_URL, "http://localhost/"),
      plystra_easy_set_string(pointer, CURLOPT_UNIX_SOCKET_PATH, "/"),
      // Without regard to the environment.
      plystra_easy_set_string(pointer, CURLOPT_PROXY, ""),
      plystra_easy_set_long(pointer, CURLOPT_NOSIGNAL, 1),
      plystra_easy_set_long(pointer, CURLOPT_MAXAGE_CONN, idleSeconds),
    ]
    guard codes.allSatisfy({ $0 == CURLE_OK }) else { return nil }
  }

  deinit { plystra_easy_cleanup(pointer) }
}

/// When idle connections are closed, which libcurl does by itself with some versions only.
struct IdleSweep {
  /// Nil where libcurl offers no way for it.
  private let sweeper: IdleSweeper?
  private let idleSeconds: Int
  /// When the next idle connections are due.
  private(set) var time = MonotonicTime.distantFuture
  /// Whether a transfer has ended since `time` was set, and may have left a connection idle.
  var hasIdleConnections = false

  init(idleSeconds: Int) {
    sweeper = IdleSweeper(idleSeconds: idleSeconds)
    // libcurl counts whole seconds.
    self.idleSeconds = idleSeconds + 1
  }

  /// Closes the connections that have been idle for their time.
  ///
  /// - Returns: whether libcurl was given a turn for that, in which other transfers may have ended.
  mutating func runIfDue(at now: MonotonicTime, _ multi: MultiHandle) -> Bool {
    if hasIdleConnections && time == .distantFuture {
      hasIdleConnections = false
      time = now.advanced(bySeconds: idleSeconds)
    }
    guard time <= now else { return false }
    time = multi.connections.closeIdle(forSeconds: idleSeconds, at: now)
    guard let sweeper else { return false }
    var pipeSignal = PipeSignal()
    pipeSignal.block()
    multi.sweep(sweeper)
    pipeSignal.unblock()
    return true
  }
}
