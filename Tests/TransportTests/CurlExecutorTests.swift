#if os(Linux)
import Glibc
import PlystraCore
import PlystraCurlTransport
import TestSupport
import Testing

/// The thread that a task runs on at the moment.
private func currentThread() -> UInt { UInt(pthread_self()) }

/// A server that sends every body back.
private func echo() throws -> RawServer {
  try RawServer.script { connection in
    while let request = try connection.readRequest() {
      try connection.send(TransportResponse(status: 200, body: request.body))
    }
  }
}

/// The kind of the transport error that a request ends with, or nil if it ends otherwise.
private func failure(of request: TransportRequest, by transport: CurlTransport) async -> TransportError.Kind?
{
  await curlResults(of: [request], by: transport)[0].transportError?.kind
}

@Suite("CurlTransport: its executor", .timeLimit(.minutes(minutesOfAHang)))
struct CurlExecutorTests {
  @Test("Tasks stay on the transport's one thread, before and behind each answer")
  func oneThread() async throws {
    let server = try RawServer.responding()
    defer { server.stop() }
    let transport = try CurlTransport()
    defer { transport.shutdown() }
    let threads = Locked<Set<UInt>>([])
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<8 {
        group.addTask(executorPreference: transport.executor) {
          for _ in 0..<10 {
            _ = threads.withLock { $0.insert(currentThread()) }
            _ = try await transport.send(curlRequest("GET", server.url))
          }
          _ = threads.withLock { $0.insert(currentThread()) }
        }
      }
      try await group.waitForAll()
    }
    #expect(threads.withLock { $0.count } == 1)
  }

  @Test("Answers reach those who asked, more of them than there are connections", arguments: [1, 3])
  func crowd(loops: Int) async throws {
    let server = try echo()
    defer { server.stop() }
    let transport = try CurlTransport(configuration: .init(connectionsPerHost: 4), loops: loops)
    defer { transport.shutdown() }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<200 {
        let preferred = number % 4 == 0 ? nil : transport.executor
        group.addTask(executorPreference: preferred) {
          for round in 0..<5 {
            let body = Array("\(number)/\(round)".utf8)
            let answer = try await transport.send(curlRequest("POST", server.url, body: body))
            #expect(answer.body == body)
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(server.connectionCount <= 4)
  }

  @Test("Responses that arrive together reach tasks of another executor without another thread")
  func otherExecutor() async throws {
    // A task that loses the processor while it suspends goes on where it was if its response arrives meanwhile.
    let (own, seen) = try await anyOf {
      try await threadsOfResponsesThatArriveTogether()
    } until: {
      $0 == $1
    }
    #expect(own == seen)
  }

  /// The transport's thread, and those on which tasks of another executor receive responses that it reads at once.
  private func threadsOfResponsesThatArriveTogether() async throws -> (own: Set<UInt>, seen: Set<UInt>) {
    let (mayAnswer, haveAnswered) = (try Gate(), try Gate())
    let answers = Locked(0)
    let server = try RawServer.script { connection in
      _ = try connection.readRequest()
      try connection.wait(for: mayAnswer)
      try connection.send(TransportResponse(status: 200))
      try connection.waitUntilDelivered()
      let count = answers.withLock { count in
        count += 1
        return count
      }
      if count == 4 { haveAnswered.open() }
    }
    defer { server.stop() }
    let transport = try CurlTransport()
    defer { transport.shutdown() }
    let threads = Locked<Set<UInt>>([])
    let tasks = (0..<4).map { _ in
      Task(executorPreference: InlineExecutor()) {
        _ = try await transport.send(curlRequest("GET", server.url))
        _ = threads.withLock { $0.insert(currentThread()) }
      }
    }
    try await server.waitForRequests(4)
    let own = await withTaskExecutorPreference(transport.executor) {
      // While this holds the transport's thread, all responses arrive.
      mayAnswer.open()
      haveAnswered.blockUntilOpen()
      return currentThread()
    }
    for task in tasks { try await task.value }
    return ([own], threads.withLock { $0 })
  }

  @Test("Tasks that never rest do not keep the network waiting")
  func restless() async throws {
    let server = try RawServer.responding()
    defer { server.stop() }
    let transport = try CurlTransport()
    defer { transport.shutdown() }
    let isOver = Locked(false)
    let restless = (0..<4).map { _ in
      Task(executorPreference: transport.executor) {
        while !isOver.withLock({ $0 }) { await Task.yield() }
      }
    }
    let answers = Task(executorPreference: transport.executor) {
      for _ in 0..<20 { _ = try await transport.send(curlRequest("GET", server.url)) }
    }
    _ = try await transport.send(curlRequest("GET", server.url))
    try await answers.value
    isOver.withLock { $0 = true }
    for task in restless { await task.value }
  }

  @Test("A task that is cancelled goes on at once")
  func cancellation() async throws {
    let server = try RawServer.script { try $0.holdUntilClosed() }
    defer { server.stop() }
    let transport = try CurlTransport()
    defer { transport.shutdown() }
    let tasks = (0..<50).map { _ in
      Task(executorPreference: transport.executor) {
        try await transport.send(curlRequest("GET", server.url))
      }
    }
    try await server.waitForConnections(1)
    for task in tasks { task.cancel() }
    for task in tasks {
      await #expect(throws: CancellationError.self) { _ = try await task.value }
    }
  }

  @Test("Deadlines pass while tasks of the executor wait")
  func deadline() async throws {
    let server = try RawServer.script { try $0.holdUntilClosed() }
    defer { server.stop() }
    let transport = try CurlTransport()
    defer { transport.shutdown() }
    let task = Task(executorPreference: transport.executor) {
      await failure(of: curlRequest("GET", server.url, timeout: .milliseconds(50)), by: transport)
    }
    #expect(await task.value == .timeout)
  }

  @Test("Behind a shutdown, tasks go on elsewhere, and their requests are refused")
  func lateJobs() async throws {
    let server = try RawServer.responding()
    defer { server.stop() }
    let transport = try CurlTransport()
    let (signal, continuation) = AsyncStream.makeStream(of: Void.self)
    let isWaiting = try Gate()
    let waiting = Task(executorPreference: transport.executor) {
      let status = try? await transport.send(curlRequest("GET", server.url)).status
      #expect(status == 200)
      isWaiting.open()
      for await _ in signal {}
      return await failure(of: curlRequest("GET", server.url), by: transport)
    }
    try await isWaiting.waitUntilOpen()
    transport.shutdown()
    continuation.finish()
    #expect(await waiting.value == .shutDown)

    let late = Task(executorPreference: transport.executor) {
      await Task.yield()
      return await failure(of: curlRequest("GET", server.url), by: transport)
    }
    #expect(await late.value == .shutDown)
  }

  @Test("Tasks outlive the transport on its executor")
  func outliving() async throws {
    let server = try RawServer.responding()
    defer { server.stop() }
    for _ in 0..<20 {
      let (signal, continuation) = AsyncStream.makeStream(of: Void.self)
      let task: Task<Int, any Error>
      do {
        let transport = try CurlTransport()
        task = Task(executorPreference: transport.executor) {
          var count = 0
          for await _ in signal { count += 1 }
          return count
        }
        _ = try await transport.send(curlRequest("GET", server.url))
      }
      for _ in 0..<3 { continuation.yield() }
      continuation.finish()
      #expect(try await task.value == 3)
    }
  }

  @Test("May be shut down by its own tasks, several at once", arguments: [1, 2, 4])
  func shutDownFromWithin(loops: Int) async throws {
    for _ in 0..<20 {
      let transport = try CurlTransport(loops: loops)
      let tasks = (0..<8).map { _ in
        Task(executorPreference: transport.executor) { transport.shutdown() }
      }
      for task in tasks { await task.value }
    }
  }

  @Test("Shut down in the midst of it all", arguments: [1, 2])
  func underLoad(loops: Int) async throws {
    let server = try RawServer.responding()
    defer { server.stop() }
    for _ in 0..<10 {
      let transport = try CurlTransport(loops: loops)
      let loaded = server.requests.count + 8
      await withTaskGroup(of: Void.self) { group in
        for _ in 0..<16 {
          group.addTask(executorPreference: transport.executor) {
            let request = curlRequest("GET", server.url)
            var result = await curlResults(of: [request], by: transport)[0]
            while result.isSuccess { result = await curlResults(of: [request], by: transport)[0] }
            #expect(result.transportError?.kind == .shutDown)
          }
        }
        group.addTask {
          _ = try? await server.waitForRequests(loaded)
          transport.shutdown()
        }
      }
    }
  }
}
#endif
