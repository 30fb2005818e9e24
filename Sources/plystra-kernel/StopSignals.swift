import Dispatch
import Foundation

/// SIGTERM and SIGINT, taken from the moment this is made on.
struct StopSignals {
  private let arrivals: AsyncStream<Void>
  private let sources: [any DispatchSourceSignal]

  init() {
    let (arrivals, continuation) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingOldest(1))
    self.arrivals = arrivals
    sources = [SIGTERM, SIGINT].map { number in
      // Else the system would end the program before the source hears of it.
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number)
      source.setEventHandler { continuation.yield() }
      source.activate()
      return source
    }
  }

  /// Returns once one of them has arrived.
  func first() async {
    for await _ in arrivals { break }
    sources.forEach { $0.cancel() }
  }
}
