import PlystraCore

/// Starts the handler's tasks, on the server's own thread where the platform lets it.
struct HandlerRunner {
  private let handler: ServerHandler
  private let mailbox: ServerMailbox
  /// The server's executor; nil where the platform has no task executors (before macOS 15).
  private let executor: (any Sendable)?

  init(handler: ServerHandler, mailbox: ServerMailbox) {
    self.handler = handler
    self.mailbox = mailbox
    if #available(macOS 15.0, *) { executor = ServerExecutor(mailbox) } else { executor = nil }
  }

  /// Has a request answered; the answer comes into the mailbox.
  func start(_ request: TransportRequest, for connection: ServerConnection) -> Task<Void, Never> {
    let id = connection.id
    let remoteAddress = connection.remoteAddress
    let operation: @Sendable () async -> Void = { [handler, mailbox] in
      let response = await handler.respond(request, remoteAddress)
      mailbox.deliver(.init(connection: id, response: response))
    }
    if #available(macOS 15.0, *), let executor = executor as? ServerExecutor {
      return Task(executorPreference: executor, operation: operation)
    }
    return Task(operation: operation)
  }

  /// Runs a piece of a handler's task on the calling thread, which is the server's.
  func run(_ job: UnownedJob) {
    if #available(macOS 15.0, *), let executor = executor as? ServerExecutor { executor.run(job) }
  }

  /// Lets the system's threads run what the server's thread will not.
  func finish(_ jobs: [UnownedJob]) {
    guard #available(macOS 15.0, *), let executor = executor as? ServerExecutor else { return }
    for job in jobs { executor.runElsewhere(job) }
  }
}
