import PlystraCore

/// What became of a call of `send`.
enum Outcome: Sendable {
  case answered(TransportResponse)
  case failed(TransportError)
  case cancelled
  /// An error that is neither of the two that a transport may throw.
  case threw(String)
  /// It had not returned when patience ran out.
  case hung

  /// The outcome in words, for violations.
  var text: String {
    switch self {
    case .answered(let response): "it returned \(response)"
    case .failed(let error):
      "it threw TransportError(\(error.kind), mayHaveBeenSent: \(error.mayHaveBeenSent)): "
        + Self.shortened(error.message)
    case .cancelled: "it threw CancellationError"
    case .threw(let error): "it threw \(error)"
    case .hung: "it did not return"
    }
  }

  /// An error of any type in words.
  static func text(of error: any Error) -> String { shortened("\(type(of: error)): \(error)") }

  private static func shortened(_ text: String) -> String {
    String(text.prefix(200).map { $0.isNewline ? " " : $0 })
  }
}

/// A call of `send` that has been begun.
struct Sending: Sendable {
  /// What became of the call, and how long that took.
  struct Result: Sendable {
    let outcome: Outcome
    let duration: Duration
  }

  private let task: Task<Result, Never>
  private let patience: Duration

  /// Sends a request on a task of its own.
  init(_ request: TransportRequest, through transport: any HTTPTransport, patience: Duration) {
    self.patience = patience
    task = Task {
      let start = ContinuousClock.now
      let outcome: Outcome
      do {
        outcome = .answered(try await transport.send(request))
      } catch let error as TransportError {
        outcome = .failed(error)
      } catch is CancellationError {
        outcome = .cancelled
      } catch {
        outcome = .threw(Outcome.text(of: error))
      }
      return Result(outcome: outcome, duration: start.duration(to: .now))
    }
  }

  /// Cancels the task.
  func cancel() { task.cancel() }

  /// Waits for the end, but not for ever: a call that hangs is cancelled and left alone.
  func result() async -> Result {
    let waiting = Locked<CheckedContinuation<Result, Never>?>(nil)
    @Sendable func finish(_ result: Result) {
      let continuation = waiting.withLock { continuation in
        let taken = continuation
        continuation = nil
        return taken
      }
      continuation?.resume(returning: result)
    }
    return await withCheckedContinuation { continuation in
      waiting.withLock { $0 = continuation }
      let watchdog = Task { [patience, task] in
        do { try await Task.sleep(for: patience) } catch { return }
        task.cancel()
        finish(Result(outcome: .hung, duration: patience))
      }
      Task { [task] in
        let result = await task.value
        watchdog.cancel()
        finish(result)
      }
    }
  }
}
