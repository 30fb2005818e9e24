/// A way for a server to send what nobody asked for on a connection that a client reuses.
package enum StaleShape: String, CaseIterable, Sendable {
  /// The stale response follows the right one in the same segment.
  case sameSegment
  /// It follows after so many milliseconds.
  case after1ms, after5ms, after20ms
  /// It comes when the connection has been idle for 50 ms: between the requests of two tasks, say.
  case whenIdle
  /// One half comes with the right response, the other 5 ms later.
  case twoHalves
  /// Its body is chunked.
  case chunked
  /// The right response is chunked, and the stale one follows its last chunk.
  case afterLastChunk
  /// The right response announces fewer bytes than it has.
  case lengthTooShort
  /// The right response announces more bytes than it has.
  case lengthTooLong
  /// It takes the place of the body that a response to HEAD does not have. Checks are answered properly.
  case afterHead
  /// It follows a 204, which answers a GET. Checks are answered properly.
  case afterNoContent
  /// An interim response comes first.
  case afterContinue, afterEarlyHints
  /// An empty line and nothing else.
  case lineEnd
  /// An empty line comes first.
  case lineEndFirst
  /// A load balancer's 408, and the end of the stream.
  case requestTimeout
  /// The end of the stream and nothing else.
  case endOfStream
  /// The stale response, and the end of the stream.
  case lastWords
  /// Two stale responses.
  case twice
  /// One that claims HTTP/1.0 and keep-alive.
  case http10
  /// It comes before the first request of a connection, and at no other time.
  case beforeFirstRequest
  /// It comes when the next request has arrived, before the response to that: too late for a look at the connection
  /// before the request is sent.
  case afterNextRequest

  /// The method of the requests that provoke it.
  package var method: String {
    switch self {
    case .afterHead: "HEAD"
    case .afterNoContent: "GET"
    default: "POST"
    }
  }
}

/// What a server does with a connection in turn.
enum StaleStep {
  case send([UInt8])
  case pause(Duration)
  /// Waits until nothing has come for a while; a request that comes first ends the steps.
  case quiet(Duration)
  /// Waits until some of the next request has come.
  case nextRequest
  /// Ends the stream.
  case finish
}

extension StaleShape {
  /// How a server sends the right response to a request, and what nobody asked for.
  func steps(right: StaleMessage, stale: StaleMessage) -> [StaleStep] {
    let (first, second) = (right.bytes(), stale.bytes())
    let half = second.count / 2
    return switch self {
    case .sameSegment: [.send(first + second)]
    case .after1ms: [.send(first), .pause(.milliseconds(1)), .send(second)]
    case .after5ms: [.send(first), .pause(.milliseconds(5)), .send(second)]
    case .after20ms: [.send(first), .pause(.milliseconds(20)), .send(second)]
    case .whenIdle: [.send(first), .quiet(.milliseconds(50)), .send(second)]
    case .twoHalves:
      [.send(first + second.prefix(half)), .pause(.milliseconds(5)), .send(Array(second.dropFirst(half)))]
    case .chunked: [.send(first), .pause(.milliseconds(1)), .send(stale.bytes(isChunked: true))]
    case .afterLastChunk: [.send(right.bytes(isChunked: true) + second)]
    case .lengthTooShort: [.send(right.bytes(announcing: -10)), .pause(.milliseconds(1)), .send(second)]
    case .lengthTooLong: [.send(right.bytes(announcing: 10)), .pause(.milliseconds(1)), .send(second)]
    case .afterHead: [.send(right.head()), .pause(.milliseconds(1)), .send(second)]
    case .afterNoContent:
      [.send(right.head(status: "204 No Content", length: nil)), .pause(.milliseconds(1)), .send(second)]
    case .afterContinue:
      [.send(first), .pause(.milliseconds(1)), .send(Self.interim("100 Continue") + second)]
    case .afterEarlyHints:
      [.send(first), .pause(.milliseconds(1)), .send(Self.interim("103 Early Hints") + second)]
    case .lineEnd: [.send(first), .pause(.milliseconds(1)), .send(Array("\r\n".utf8))]
    case .lineEndFirst: [.send(first), .pause(.milliseconds(1)), .send(Array("\r\n".utf8) + second)]
    case .requestTimeout: [.send(first), .pause(.milliseconds(1)), .send(Self.requestTimeoutBytes), .finish]
    case .endOfStream: [.send(first), .pause(.milliseconds(1)), .finish]
    case .lastWords: [.send(first), .pause(.milliseconds(1)), .send(second), .finish]
    case .twice: [.send(first), .pause(.milliseconds(1)), .send(second + second)]
    case .http10: [.send(first), .pause(.milliseconds(1)), .send(stale.bytes(version: "1.0"))]
    case .beforeFirstRequest: [.send(first)]
    case .afterNextRequest: [.send(first), .nextRequest, .send(second)]
    }
  }

  private static func interim(_ status: String) -> [UInt8] {
    Array("HTTP/1.1 \(status)\r\nLink: </a>\r\n\r\n".utf8)
  }

  private static let requestTimeoutBytes = Array(
    "HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".utf8)
}
