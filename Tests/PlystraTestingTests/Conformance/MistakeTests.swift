import PlystraCore
import PlystraTesting
import TestSupport
import Testing

/// A transport gets exactly the violations that it deserves.
@Suite struct MistakeTests {
  private typealias Case = TransportConformance.Case

  @Test func aTransportWithoutMistakesHasNoViolations() async {
    let transport = SocketTransport()
    let violations = await TransportConformance.run(
      transport,
      bounds: .init(timeout: .seconds(Sanitizer.slowdown), tolerance: .patience / 2, patience: .patience),
      shutDown: { transport.shutdown() })
    #expect(violations.isEmpty, "\(violations)")
  }

  @Test(arguments: SocketTransport.Mistake.allCases)
  func aMistakeIsFound(mistake: SocketTransport.Mistake) async {
    let violations = await anyOf {
      await Self.violations(of: mistake)
    } until: {
      Set($0.map(\.name)) == Self.deserved(by: mistake)
    }
    #expect(Set(violations.map(\.name)) == Self.deserved(by: mistake), "\(violations)")
    for violation in violations {
      #expect(!violation.seen.isEmpty && !violation.expected.isEmpty && !violation.fix.isEmpty)
      #expect("\(violation)".contains("to fix: "))
    }
  }

  /// Runs the cases, in several runs at once if there are such that hang: each of them takes all the time there is.
  private static func violations(of mistake: SocketTransport.Mistake) async -> [TransportConformance
    .Violation]
  {
    let runs = hanging.contains(mistake) ? 4 : 1
    return await withTaskGroup(of: [TransportConformance.Violation].self) { group in
      for run in 0..<runs {
        let cases = Case.network.enumerated().filter { $0.offset % runs == run }.map(\.element)
        group.addTask {
          let transport = SocketTransport([mistake])
          defer { transport.shutdown() }
          return await TransportConformance.run(
            transport, cases: cases, bounds: bounds(for: mistake),
            shutDown: cases.contains(.shutDown) ? { @Sendable in transport.shutdown() } : nil)
        }
      }
      return await group.reduce(into: []) { $0 += $1 }
    }
  }

  /// The mistakes for which cases wait until their patience ends.
  private static let hanging: Set<SocketTransport.Mistake> = [
    .ignoresTimeout, .beginsTimeoutAnew, .timesTheHeadOnly, .ignoresCancellation, .retries,
    .leavesCancelledConnectionsOpen, .sendsOneAtATime,
  ]

  /// So much time that only a hang takes longer, but no more than a test can wait for mistakes that are hangs, with a
  /// sanitizer or without.
  private static func bounds(for mistake: SocketTransport.Mistake) -> TransportConformance.Bounds {
    guard hanging.contains(mistake) else {
      return .init(timeout: .seconds(Sanitizer.slowdown), tolerance: .patience / 2, patience: .patience)
    }
    return .init(
      timeout: .seconds(1), tolerance: .seconds(3), patience: .seconds(6),
      concurrency: mistake == .sendsOneAtATime ? 2 : 8)
  }

  private static func deserved(by mistake: SocketTransport.Mistake) -> Set<Case> {
    switch mistake {
    case .followsRedirects: [.redirectsLeftAlone]
    case .throwsOn404: [.statusesReturned]
    case .returnsInterimAnswers: [.interimAnswersSkipped, .protocolSwitchRefused]
    case .joinsDuplicates: [.duplicateHeadersKept]
    // A cookie goes to every port of its host.
    case .storesCookies: [.cookiesForgotten, .requestHeadersAsGiven]
    case .returnsTruncatedBodies: [.truncatedBodyRefused]
    case .readsAnything: [.otherProtocolsRefused]
    case .dropsQuery, .lowersMethods: [.requestLineAsGiven]
    case .addsUserAgent: [.requestHeadersAsGiven]
    case .sendsLineEnds: [.injectionRefused]
    case .sendsAnyField: [.framingFieldsRefused]
    case .ignoresLimit, .checksLimitAtTheEnd: [.bodyLimitKept]
    case .ignoresTimeout:
      [.timeoutWithoutAnswer, .timeoutWhileDripping, .timeoutInStalledBody, .timeoutOfZero]
    case .beginsTimeoutAnew: [.timeoutWhileDripping]
    case .timesTheHeadOnly: [.timeoutWhileDripping, .timeoutInStalledBody]
    case .ignoresCancellation, .wrapsCancellation:
      [.cancelledBefore, .cancelledWhileWaiting, .cancelledInBody, .cancellationSparesOthers]
    case .leavesCancelledConnectionsOpen: [.cancelledWhileWaiting, .cancelledInBody]
    case .blursRefusals: [.refusedConnection]
    case .claimsNothingWasSent:
      [
        .bodyLimitKept, .headLimitKept, .timeoutWithoutAnswer, .timeoutWhileDripping, .timeoutInStalledBody,
        .closedBeforeAnswer, .resetBeforeAnswer, .closedInHead, .truncatedBodyRefused,
        .truncatedChunksRefused,
        .resetInBody, .otherProtocolsRefused, .shutDown,
      ]
    case .printsRequests: [.secretsKeptOutOfErrors]
    // It tries again what the shutdown has ended.
    case .retries: [.sentOnce, .shutDown]
    case .resendsOnKeptConnections: [.sentOnce]
    case .sendsOneAtATime: [.concurrentRequests]
    case .keepsNoConnection: [.connectionsReused]
    case .outlivesShutdown: [.shutDown]
    }
  }
}
