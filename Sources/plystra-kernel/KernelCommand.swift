import Dispatch
import Foundation
import PlystraTesting

/// `plystra-kernel`: serves an in-memory kernel on loopback until it is told to stop.
///
/// Ends with status 0 when told to stop, 1 if the seed file or the port cannot be used, 2 if the arguments make no
/// sense. It is not asynchronous, so that signals are held back before there is any thread but the first.
@main
struct KernelCommand {
  static func main() {
    do {
      switch try Arguments(CommandLine.arguments.dropFirst()) {
      case .help: printLine(Arguments.usage)
      case .serve(let port, let seedFile, let logs): try serve(port: port, seedFile: seedFile, logs: logs)
      }
    } catch let error as Arguments.Fault {
      fail("\(error); try --help", status: 2)
    } catch {
      fail("\(error)", status: 1)
    }
  }

  private static func serve(port: Int, seedFile: String?, logs: Bool) throws {
    let seed = try seedFile.map(SeedFile.read) ?? .demo
    let signals = StopSignals()
    let server = try KernelServer(InMemoryKernel(seed: seed)).start(port: port, log: logs ? writeLog : nil)
    printLine("listening on \(server.url)")
    signals.wait()

    let stopped = DispatchSemaphore(value: 0)
    Task {
      await server.stop(within: .seconds(1))
      stopped.signal()
    }
    stopped.wait()
  }

  @Sendable private static func writeLog(_ entry: KernelLogEntry) {
    FileHandle.standardError.write(Data("\(entry)\n".utf8))
  }

  /// Prints at once, even where standard output is a pipe.
  private static func printLine(_ line: String) {
    print(line)
    fflush(nil)
  }

  private static func fail(_ message: String, status: Int32) -> Never {
    FileHandle.standardError.write(Data("plystra-kernel: \(message)\n".utf8))
    exit(status)
  }
}
