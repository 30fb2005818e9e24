import PlystraCore

/// What the cases do, by their names.
enum CaseScript {
  typealias Case = TransportConformance.Case
  /// Plays a case against the trial's transport.
  typealias Network = @Sendable (Trial) async throws -> Void
  /// Makes a transport that has the answers.
  typealias Maker = @Sendable ([TransportConformance.Exchange]) async throws -> any HTTPTransport
  /// Plays a case against transports made for it.
  typealias Offline = @Sendable (Trial, Maker) async throws -> Void

  static func network(shutDown: (@Sendable () async -> Void)?) -> [Case: Network] {
    var scripts = network
    if let shutDown { scripts[.shutDown] = { try await Self.shutDown($0, by: shutDown) } }
    return scripts
  }

  private static let network: [Case: Network] = [
    .statusesReturned: statusesReturned, .challengesReturned: challengesReturned,
    .redirectsLeftAlone: redirectsLeftAlone, .interimAnswersSkipped: interimAnswersSkipped,
    .protocolSwitchRefused: protocolSwitchRefused, .duplicateHeadersKept: duplicateHeadersKept,
    .oddHeadersKept: oddHeadersKept, .unspacedHeadersRead: unspacedHeadersRead,
    .cookiesForgotten: cookiesForgotten,

    .emptyBodiesReturned: emptyBodiesReturned, .largeBodiesReturned: largeBodiesReturned,
    .chunkedBodiesReturned: chunkedBodiesReturned, .chunkedTrailersSkipped: chunkedTrailersSkipped,
    .closeDelimitedBodiesReturned: closeDelimitedBodiesReturned,
    .compressedBodiesDecoded: compressedBodiesDecoded,

    .requestLineAsGiven: requestLineAsGiven, .requestHeadersAsGiven: requestHeadersAsGiven,
    .requestBodyAsGiven: requestBodyAsGiven, .injectionRefused: injectionRefused,
    .framingFieldsRefused: framingFieldsRefused, .otherSchemesRefused: otherSchemesRefused,

    .bodyLimitKept: bodyLimitKept, .bodyLimitCountsDecodedBytes: bodyLimitCountsDecodedBytes,
    .headLimitKept: headLimitKept, .timeoutWithoutAnswer: timeoutWithoutAnswer,
    .timeoutWhileDripping: timeoutWhileDripping, .timeoutInStalledBody: timeoutInStalledBody,
    .timeoutOfZero: timeoutOfZero, .timeoutOfYears: timeoutOfYears,

    .cancelledBefore: cancelledBefore, .cancelledWhileWaiting: cancelledWhileWaiting,
    .cancelledInBody: cancelledInBody, .cancelledAfter: cancelledAfter,
    .cancellationSparesOthers: cancellationSparesOthers,

    .refusedConnection: refusedConnection, .unknownHost: unknownHost,
    .closedBeforeAnswer: closedBeforeAnswer, .resetBeforeAnswer: resetBeforeAnswer,
    .closedInHead: closedInHead, .truncatedBodyRefused: truncatedBodyRefused,
    .truncatedChunksRefused: truncatedChunksRefused, .resetInBody: resetInBody,
    .otherProtocolsRefused: otherProtocolsRefused, .secretsKeptOutOfErrors: secretsKeptOutOfErrors,

    .concurrentRequests: concurrentRequests, .connectionsReused: connectionsReused, .sentOnce: sentOnce,
  ]
}
