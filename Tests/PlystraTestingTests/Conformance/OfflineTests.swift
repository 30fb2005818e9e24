import PlystraCore
import PlystraTesting
import Testing

/// The part of the contract that needs no network.
@Suite struct OfflineTests {
  @Test func theInMemoryKernelKeepsIt() async {
    let violations = await TransportConformance.runOffline { exchanges in
      let kernel = InMemoryKernel()
      for exchange in exchanges { kernel.fail(next: 1, with: .response(exchange.response)) }
      return kernel
    }
    #expect(violations.isEmpty, "\(violations)")
  }

  @Test func theMockKeepsIt() async {
    let violations = await TransportConformance.runOffline { exchanges in
      let mock = MockTransport()
      for exchange in exchanges { mock.script(.response(exchange.response)) }
      return mock
    }
    #expect(violations.isEmpty, "\(violations)")
  }

  @Test func theFixtureKeepsIt() async throws {
    let folder = try TemporaryFolder()
    let number = Locked(0)
    let violations = await TransportConformance.runOffline { exchanges in
      let path = folder.file("conformance-\(number.withLock { $0 += 1; return $0 }).har")
      let mock = MockTransport()
      for exchange in exchanges { mock.script(.response(exchange.response)) }
      let recording = try RecordingTransport(upstream: mock, to: path)
      for exchange in exchanges {
        // What the recorded request could take is not part of the recording, and must not end it.
        var request = exchange.request
        (request.timeout, request.maximumResponseBytes) = (.seconds(60), .max)
        _ = try await recording.send(request)
      }
      try await recording.finish()
      return try FixtureTransport(contentsOf: path)
    }
    #expect(violations.isEmpty, "\(violations)")
  }

  @Test func aTransportWithFaultsThatDoNotHappenKeepsIt() async {
    let violations = await TransportConformance.runOffline { exchanges in
      let mock = MockTransport()
      for exchange in exchanges { mock.script(.response(exchange.response)) }
      return try FaultInjectingTransport(upstream: mock, script: [])
    }
    #expect(violations.isEmpty, "\(violations)")
  }

  @Test func aMakerThatFailsIsSaidSo() async {
    struct NoDisk: Error {}
    let violations = await TransportConformance.runOffline { _ in throw NoDisk() }
    #expect(Set(violations.map(\.name)) == Set(TransportConformance.Case.offline))
    #expect(violations.first?.seen.contains("NoDisk") == true)
  }

  /// A transport that answers from memory and knows nothing of what it owes.
  private struct Careless: HTTPTransport {
    let response: TransportResponse?
    func send(_ request: TransportRequest) async throws -> TransportResponse {
      response ?? TransportResponse(status: 404)
    }
  }

  @Test func carelessnessIsFound() async {
    let violations = await TransportConformance.runOffline { exchanges in
      Careless(response: exchanges.first?.response)
    }
    #expect(Set(violations.map(\.name)) == [.bodyLimitKept, .timeoutOfZero, .cancelledBefore])
  }

  /// A transport that throws for a status, and loses whatever came with one.
  private struct Throwing: HTTPTransport {
    let response: TransportResponse?
    struct Status: Error { let status: Int? }
    func send(_ request: TransportRequest) async throws -> TransportResponse {
      guard let response, response.status == 200 else { throw Status(status: response?.status) }
      return TransportResponse(status: 200)
    }
  }

  @Test func statusesThatAreThrownAndBodiesThatAreLostAreFound() async {
    let violations = await TransportConformance.runOffline { exchanges in
      Throwing(response: exchanges.first?.response)
    }
    let names = Set(violations.map(\.name))
    #expect(names.isSuperset(of: [.statusesReturned, .redirectsLeftAlone, .largeBodiesReturned]))
    #expect(names.contains(.duplicateHeadersKept))
  }
}
