import Foundation
import PlystraCore
import PlystraTesting

/// Shows the SDK at work: `plystra-quickstart`, told by the environment which service to talk to.
///
/// Ends with status 0 if everything went as shown, 1 if not, 2 if the environment makes no sense.
@main
struct Quickstart {
  static func main() async {
    do {
      let settings = try Settings(environment: ProcessInfo.processInfo.environment)
      let connection = try Connection.open(settings)
      print("Plystra for Swift \(PlystraClient.version): \(connection.summary)")
      // One id for the whole tour, so that its audit rows can be found again.
      let plystra = try connection.client.withRequestID("req_quickstart_\(UUID().uuidString.lowercased())")
      do {
        let account = connection.allowsLogin ? settings.account : nil
        try await Tour(plystra: plystra, account: account, console: Console()).run()
        try await connection.complete()
      } catch {
        await connection.close()
        throw error
      }
      await connection.close()
      print("\nEverything went as shown.")
    } catch let problem as Settings.Problem {
      end(problem.message, status: 2)
    } catch let surprise as Tour.Surprise {
      end(surprise.message, status: 1)
    } catch let error as PlystraError where error.kind == .configuration || error.kind == .credentials {
      end(error.description, status: 2)
    } catch let error as RecordingError {
      end(error.description, status: 2)
    } catch let error as FixtureError {
      end(error.description, status: 2)
    } catch {
      end("\(error)", status: 1)
    }
  }

  private static func end(_ message: String, status: Int32) -> Never {
    FileHandle.standardError.write(Data("plystra-quickstart: \(message)\n".utf8))
    exit(status)
  }
}
