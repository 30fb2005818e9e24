import PlainLibcurl
import PlystraCore

/// The plain C contender, with the same request as the others.
///
/// `@unchecked Sendable` is right because the one task of a contender's process uses it, a load at a time.
final class PlainClient: @unchecked Sendable {
  private let client: OpaquePointer

  init(_ endpoint: Endpoint, connections: Int) throws {
    let body = try SampleCall.body()
    guard
      let client = plain_client_make(
        Int32(connections), endpoint.url + SampleCall.path, endpoint.authority, endpoint.http == 2, body,
        body.count)
    else {
      throw BenchmarkFailure("libcurl could not be set up")
    }
    self.client = client
    for field in SampleCall.headers { plain_client_add_header(client, "\(field.name): \(field.value)") }
  }

  deinit { plain_client_free(client) }

  func run(_ load: Load) -> Tally {
    let meter = ProcessMeter()
    let result = plain_client_run(client, Int32(load.inFlight), load.nanoseconds, load.minimum)
    return meter.tally(
      answered: result.answered, failed: result.failed,
      latencies: UnsafeBufferPointer(start: result.latencies, count: result.latency_count))
  }
}
