import CLibcurl
import PlystraCore

/// A libcurl multi handle: the set of running transfers and the pool of connections, with the TLS sessions that these
/// may resume.
///
/// A thin name for pointers, so that each call says what it may fail of. Only `wakeUp` may be called by a thread
/// other than the loop's.
struct MultiHandle {
  private let pointer: UnsafeMutableRawPointer
  /// For easy handles, each of which must be gone before `free`.
  let sessions: UnsafeMutableRawPointer
  /// The connections of the pool.
  let connections = ConnectionTable()

  /// - Throws: ``TransportError`` if libcurl has no memory or no descriptors for it.
  init(limits: TransferLimits) throws(TransportError) {
    guard LibcurlLibrary.initialization == CURLE_OK, let pointer = plystra_multi_init() else {
      throw .other("libcurl could not be initialised")
    }
    guard let sessions = plystra_sessions_init() else {
      plystra_multi_cleanup(pointer)
      throw .other("libcurl has no memory for TLS sessions")
    }
    self.pointer = pointer
    self.sessions = sessions
    // libcurl closes the oldest idle connection to stay within these; transfers beyond wait in our own queues.
    let codes = [
      plystra_multi_set_long(pointer, CURLMOPT_MAX_HOST_CONNECTIONS, limits.connectionsPerHost),
      plystra_multi_set_long(pointer, CURLMOPT_MAXCONNECTS, limits.pooledConnections),
      // Without descriptors for waking, libcurl makes a handle that can never be woken; this tells.
      plystra_multi_wakeup(pointer),
    ]
    if let code = codes.first(where: { $0 != CURLM_OK }) {
      free()
      throw .other("libcurl could not be set up: \(String(cString: curl_multi_strerror(code)))")
    }
  }

  /// Closes all connections. No easy handle may be left.
  func free() {
    // Each connection has a pointer to the table until it is closed.
    withExtendedLifetime(connections) { _ = plystra_multi_cleanup(pointer) }
    plystra_sessions_cleanup(sessions)
  }

  /// Ends the current or the next `poll` of the loop thread.
  func wakeUp() { plystra_multi_wakeup(pointer) }

  func add(_ handle: EasyHandle) -> CURLMcode { plystra_multi_add(pointer, handle.pointer) }

  /// Takes a transfer out; if it was under way, its connection is closed.
  func remove(_ handle: EasyHandle) { plystra_multi_remove(pointer, handle.pointer) }

  func perform() { plystra_multi_perform(pointer) }

  /// Starts a transfer once more that was kept from the connection which libcurl had chosen, on a new one: libcurl itself
  /// would try one idle connection after another, and give up after five.
  ///
  /// - Returns: whether the transfer continues.
  func startAgain(_ handle: EasyHandle) -> Bool {
    guard handle.mayStartAgain else { return false }
    remove(handle)
    do throws(TransportError) {
      try handle.prepareAgain()
    } catch {
      return false
    }
    return add(handle) == CURLM_OK
  }

  /// Has libcurl close the connections that are due.
  func sweep(_ sweeper: IdleSweeper) {
    guard plystra_multi_add(pointer, sweeper.pointer) == CURLM_OK else { return }
    // It looks for them before it tries to connect. The ends of other transfers that come up here are reported later.
    perform()
    plystra_multi_remove(pointer, sweeper.pointer)
  }

  /// Waits for a socket, for one of libcurl's timers, for `wakeUp`, or until the time is up.
  func poll(milliseconds: Int32) -> CURLMcode { plystra_multi_poll(pointer, milliseconds) }

  /// The next transfer that ended, still to be removed.
  func nextEnded() -> (EasyHandle, CURLcode)? {
    var easy: UnsafeMutableRawPointer?
    var code = CURLE_OK
    guard plystra_multi_next_ended(pointer, &easy, &code), let easy else { return nil }
    return EasyHandle.owner(of: easy).map { ($0, code) }
  }
}

/// libcurl as a whole.
private enum LibcurlLibrary {
  /// Made once for the process and never undone: others in it may use libcurl too.
  static let initialization = plystra_global_init()
}
