/// How alike a request must be to a recorded one to be given its answer.
///
/// ```swift
/// let fixture = try FixtureTransport(
///   contentsOf: path, matching: .strict.ignoringBody(at: "resource.metadata").ignoringQuery("created_at_from"))
/// ```
public struct ReplayMatching: Sendable {
  /// Method, path, query and body must be the same, and each recorded exchange is replayed once, in the order in which
  /// those that are alike were recorded.
  ///
  /// Not compared are header fields, scheme and host, and the base URL's own path before `/api/v1/`. Query items of
  /// different names may come in any order, keys of JSON objects too; numbers compare by value. Secrets compare by
  /// their places: where one secret was recorded twice, one must be asked twice, whichever it is.
  public static let strict = ReplayMatching()

  var ignoresBody = false
  var ignoredBodyPaths: [String] = []
  var ignoresQuery = false
  var ignoredQueryNames: Set<String> = []
  var allowsRepeats = false

  /// Does not compare bodies.
  public func ignoringBody() -> ReplayMatching { changed { $0.ignoresBody = true } }

  /// Does not compare what stands at the given places of JSON bodies, whether or not it is there.
  ///
  /// - Parameter paths: such as `resource.metadata` or `grants[0].scope`; `grants[*].scope` is that of all.
  public func ignoringBody(at paths: String...) -> ReplayMatching {
    changed { $0.ignoredBodyPaths += paths }
  }

  /// Does not compare queries.
  public func ignoringQuery() -> ReplayMatching { changed { $0.ignoresQuery = true } }

  /// Does not compare query items of the given names.
  public func ignoringQuery(_ names: String...) -> ReplayMatching {
    changed { $0.ignoredQueryNames.formUnion(names) }
  }

  /// Gives the answer of the last exchange that is alike again, once all of them have been replayed.
  public func allowingRepeats() -> ReplayMatching { changed { $0.allowsRepeats = true } }

  private func changed(_ change: (inout ReplayMatching) -> Void) -> ReplayMatching {
    var copy = self
    change(&copy)
    return copy
  }

  /// Whether a place of a body is not compared.
  func ignores(bodyPath path: String) -> Bool {
    guard !ignoredBodyPaths.isEmpty else { return false }
    return ignoredBodyPaths.contains { $0 == path || $0 == Self.withoutIndexes(path) }
  }

  /// `grants[2].scope` as `grants[*].scope`.
  private static func withoutIndexes(_ path: String) -> String {
    path.replacing(#/\[[0-9]+\]/#, with: "[*]")
  }
}
