import PlystraCore

/// A request without secrets, in the form in which requests are compared.
struct ReplayRequest: Sendable {
  enum Body: Sendable {
    case none
    case json(JSONValue)
    case bytes([UInt8])
  }

  let method: String
  /// The decoded path behind the base URL's own.
  let segments: [String]
  /// The query's items, sorted by name; those of one name in their order.
  let items: [RequestAddress.Item]
  let body: Body
  /// Method, path and query, for messages.
  let description: String

  /// The comparable form of a request that was redacted.
  init(_ request: TransportRequest) {
    let address = RequestAddress(request.url)
    method = request.method
    segments = address.ownSegments
    items = address.items.enumerated()
      .sorted {
        $0.element.name == $1.element.name ? $0.offset < $1.offset : $0.element.name < $1.element.name
      }
      .map(\.element)
    let bytes = request.body ?? []
    if bytes.isEmpty {
      body = .none
    } else {
      body = (try? JSONValue(parsing: bytes)).map { .json($0) } ?? .bytes(bytes)
    }
    description = RecordedRequest.line(
      method: request.method, address: address,
      operation: ServiceOperation(method: request.method, address: address))
  }
}

/// Where two requests differ.
struct ReplayDifference: Sendable {
  /// The place, such as `body.actor.user_id`.
  let place: String
  /// What is there in the recording.
  let recorded: String
  /// What was asked.
  let asked: String
  /// How far apart it sets the requests.
  let weight: Int

  var description: String { "\(place): recorded \(recorded), asked \(asked)" }
}

/// Compares a request of a replay with a recorded one.
struct ReplayComparison {
  private let matching: ReplayMatching
  private(set) var binding: PlaceholderBinding
  private(set) var differences: [ReplayDifference] = []

  private init(_ matching: ReplayMatching, _ binding: PlaceholderBinding) {
    self.matching = matching
    self.binding = binding
  }

  /// The comparison of two requests: all that differs, and what the secrets are then bound to.
  static func of(
    _ live: ReplayRequest, _ recorded: ReplayRequest, _ matching: ReplayMatching,
    _ binding: PlaceholderBinding
  ) -> ReplayComparison {
    var comparison = ReplayComparison(matching, binding)
    comparison.compare(live, recorded)
    return comparison
  }

  /// How far apart the requests are.
  var distance: Int { differences.reduce(0) { $0 + $1.weight } }

  private mutating func compare(_ live: ReplayRequest, _ recorded: ReplayRequest) {
    if live.method != recorded.method {
      differ("method", recorded.method, live.method, weight: 50)
    }
    compareSegments(live.segments, recorded.segments)
    if !matching.ignoresQuery { compareItems(live.items, recorded.items) }
    if !matching.ignoresBody { compareBodies(live.body, recorded.body) }
  }

  private mutating func differ(_ place: String, _ recorded: String, _ asked: String, weight: Int) {
    differences.append(
      ReplayDifference(
        place: place, recorded: Self.shown(recorded), asked: Self.shown(asked), weight: weight))
  }

  /// A value, cut if it is long.
  private static func shown(_ text: String) -> String { text.count > 80 ? text.prefix(80) + "…" : text }

  private static func quoted(_ text: String) -> String { JSONValue.string(text).description }

  private static let nothing = "nothing"

  // MARK: Path and query

  private mutating func compareSegments(_ live: [String], _ recorded: [String]) {
    let isSame = live.count == recorded.count && zip(live, recorded).allSatisfy { binding.matches($0, $1) }
    if isSame { return }
    let shared = zip(live, recorded).prefix { $0 == $1 }.count
    let weight = 20 * (max(live.count, recorded.count) - shared)
    differ(
      "path", "/" + recorded.joined(separator: "/"), "/" + live.joined(separator: "/"), weight: weight)
  }

  private mutating func compareItems(_ live: [RequestAddress.Item], _ recorded: [RequestAddress.Item]) {
    let names = Set((live + recorded).map(\.name)).subtracting(matching.ignoredQueryNames)
    for name in names.sorted() {
      let (asked, known) = (
        live.filter { $0.name == name }.map(\.value), recorded.filter { $0.name == name }.map(\.value)
      )
      for index in 0..<max(asked.count, known.count) {
        let (askedValue, knownValue) = (
          index < asked.count ? asked[index] : nil, index < known.count ? known[index] : nil
        )
        if let askedValue, let knownValue, binding.matches(askedValue, knownValue) { continue }
        differ(
          "query item \(name)", knownValue.map(Self.quoted) ?? Self.nothing,
          askedValue.map(Self.quoted) ?? Self.nothing, weight: 5)
      }
    }
  }

  // MARK: Body

  private mutating func compareBodies(_ live: ReplayRequest.Body, _ recorded: ReplayRequest.Body) {
    switch (live, recorded) {
    case (.none, .none): break
    case (.json(let live), .json(let recorded)): compare(live, recorded, at: "")
    case (.bytes(let live), .bytes(let recorded)):
      let (asked, known) = (String(decoding: live, as: UTF8.self), String(decoding: recorded, as: UTF8.self))
      if live != recorded, !binding.matches(asked, known) {
        differ("body", Self.quoted(known), Self.quoted(asked), weight: 2)
      }
    default: differ("body", Self.kind(of: recorded), Self.kind(of: live), weight: 5)
    }
  }

  private static func kind(of body: ReplayRequest.Body) -> String {
    switch body {
    case .none: nothing
    case .json: "JSON"
    case .bytes: "what is not JSON"
    }
  }

  private mutating func compare(_ live: JSONValue?, _ recorded: JSONValue?, at path: String) {
    if !path.isEmpty, matching.ignores(bodyPath: path) { return }
    switch (live, recorded) {
    case (.object(let live)?, .object(let recorded)?):
      let added = live.keys.filter { recorded[$0] == nil }
      for key in recorded.keys + added {
        compare(live[key], recorded[key], at: path.isEmpty ? key : "\(path).\(key)")
      }
    case (.array(let live)?, .array(let recorded)?):
      for index in 0..<max(live.count, recorded.count) {
        compare(
          index < live.count ? live[index] : nil, index < recorded.count ? recorded[index] : nil,
          at: "\(path)[\(index)]")
      }
    default:
      if isSame(live, recorded) { return }
      let place = path.isEmpty ? "body" : path.hasPrefix("[") ? "body\(path)" : "body.\(path)"
      differ(
        place, recorded?.description ?? Self.nothing, live?.description ?? Self.nothing, weight: 1)
    }
  }

  private mutating func isSame(_ live: JSONValue?, _ recorded: JSONValue?) -> Bool {
    switch (live, recorded) {
    case (.string(let live)?, .string(let recorded)?): binding.matches(live, recorded)
    case (.null?, .null?), (nil, nil): true
    case (.bool(let live)?, .bool(let recorded)?): live == recorded
    case (let live?, let recorded?): JSONComparison.isSameNumber(live, recorded)
    default: false
    }
  }
}
