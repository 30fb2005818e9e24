import TestSupport
import Testing

@testable import PlystraCore

/// Values that many tests share.
enum Sample {
  static let baseURL = "https://plystra.test"
  static let apiKey = "key-A1b2C3d4"
  static let accessToken = "token-E5f6G7h8"
  static let requestID = TransportResponse.sampleRequestID

  static let question = AuthorizationRequest(
    actor: ActorContext(
      userID: "user_external_alice", memberID: "member_finance_reviewer", spaceID: "space_acme",
      userMemberID: "binding_external_alice_finance"),
    resource: ResourceContext(type: "invoice", id: "invoice_001"), action: "approve")

  static let questionBody =
    #"{"actor":{"user_id":"user_external_alice","member_id":"member_finance_reviewer","space_id":"space_acme","user_member_id":"binding_external_alice_finance"},"#
    + #""resource":{"type":"invoice","id":"invoice_001"},"action":"approve"}"#

  /// A client of an API key, if not said otherwise, whose calls all carry the sample request id.
  static func client(
    _ transport: any HTTPTransport, baseURL: String = Sample.baseURL, apiKey: String? = Sample.apiKey,
    accessToken: String? = nil, configuration: PlystraClient.Configuration = PlystraClient.Configuration(),
    time: FakeTime = FakeTime()
  ) throws -> PlystraClient {
    try PlystraClient(
      baseURL: baseURL,
      credentials: Credentials(
        apiKey: apiKey.map { Secret($0) }, accessToken: accessToken.map { Secret($0) }),
      configuration: configuration, transport: transport, timing: time.timing
    ).withRequestID(requestID)
  }
}

extension PlystraClient.Configuration {
  /// For tests of what else a response says, whatever request id it names.
  static var anyID: Self { Self(answersRequestIDs: .any) }
}

/// The error of a call that must fail with one.
func plystraError(
  sourceLocation: SourceLocation = #_sourceLocation, _ body: () async throws -> some Sendable
) async throws -> PlystraError {
  let error = await #expect(throws: PlystraError.self, sourceLocation: sourceLocation) {
    _ = try await body()
  }
  return try #require(error, sourceLocation: sourceLocation)
}

/// The error of something that must fail with one.
func plystraError(
  sourceLocation: SourceLocation = #_sourceLocation, of body: () throws -> some Sendable
) throws -> PlystraError {
  let error = #expect(throws: PlystraError.self, sourceLocation: sourceLocation) { _ = try body() }
  return try #require(error, sourceLocation: sourceLocation)
}

extension TransportRequest {
  /// The body as text.
  var text: String? { body.map { String(decoding: $0, as: UTF8.self) } }
}
