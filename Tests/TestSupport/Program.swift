package import Foundation

/// Programs that tests call: where they are, and how they are run.
package enum Program {
  /// A program that is missing or did not do what it was to.
  package struct Failure: Error, CustomStringConvertible {
    package let description: String
  }

  /// Where a program is, or nil if this machine lacks it.
  package static func path(of name: String) -> String? {
    let folders = [
      "/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin", "/sbin", "/bin",
    ]
    return folders.map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  /// Runs a program in a folder until it ends or, if it is a daemon, until it has gone into the background.
  ///
  /// Not by Foundation's `Process`, which would wait for the daemon as well.
  package static func run(_ name: String, _ arguments: [String], in folder: URL) throws {
    guard let path = path(of: name) else { throw Failure(description: "\(name) is not installed") }
    let complaint = folder.appendingPathComponent("complaint-\(UUID().uuidString).txt")
    let command = ["/bin/sh", "-c", #"cd "$0" && exec "$@""#, folder.path, path]
    let words = (command + arguments).map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    #if canImport(Darwin)
    var actions: posix_spawn_file_actions_t?
    var attributes: posix_spawnattr_t?
    #else
    var actions = posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    #endif
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    // Threads of Swift's pool block signals, which a daemon would inherit and then not end at SIGTERM.
    var noSignals = sigset_t()
    sigemptyset(&noSignals)
    posix_spawnattr_setsigmask(&attributes, &noSignals)
    // A daemon would keep open what other tests wait to see closed, and run out of descriptors.
    #if canImport(Darwin)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_CLOEXEC_DEFAULT))
    #else
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    #endif
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 2, complaint.path, O_WRONLY | O_CREAT, 0o600)
    #if !canImport(Darwin)
    let open = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").compactMap { Int32($0) }
    // Some more, for those that other tests open meanwhile; it does not matter when there is nothing to close.
    for descriptor in 3...(open.max() ?? 3) + 256 {
      posix_spawn_file_actions_addclose(&actions, descriptor)
    }
    #endif
    var process: pid_t = 0
    guard posix_spawn(&process, "/bin/sh", &actions, &attributes, words, environ) == 0 else {
      throw Failure(description: "\(name) could not be started")
    }
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    guard status == 0 else {
      let text = (try? String(contentsOf: complaint, encoding: .utf8)) ?? ""
      throw Failure(description: "\(name) failed (\(status)): \(text)")
    }
  }
}
