import TestSupport
import Testing

@testable import PlystraCore

/// Values that many tests share.
enum Sample {
  static let baseURL = "https://plystra.test"
  static let apiKey = "key-A1b2C3d4"
  static let accessToken = "token-E5f6G7h8"
  static let requestID = "req_sample"

  static let question = AuthorizationRequest(
    actor: ActorContext(userID: "u1", memberID: "m1", spaceID: "s1", userMemberID: "um1"),
    resource: ResourceContext(type: "invoice", id: "invoice_001"), action: "approve")

  static let questionBody =
    #"{"actor":{"user_id":"u1","member_id":"m1","space_id":"s1","user_member_id":"um1"},"#
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
