import PlystraCore

/// One request that a served kernel has answered, as a log may show it.
///
/// It holds no header field, body or query, and credentials in the path are masked.
public struct KernelLogEntry: Sendable, Hashable {
  /// The method, such as `POST`.
  public let method: String
  /// The path without its query; of a path that the service does not know, 100 characters at most.
  public let path: String
  /// The status of the answer; nil if the connection was closed in its place, as a test had planned.
  public let status: Int?
  /// What was decided: `allow`, or `deny` and the deny code; nil if the request was for no decision.
  public let decision: String?
}

extension KernelLogEntry: CustomStringConvertible {
  /// Everything on one line, such as `POST /api/v1/authz/check 200 deny SCOPE_OUT_OF_BOUNDS`.
  public var description: String {
    ["\(method) \(path)", status.map(String.init) ?? "closed", decision].compactMap { $0 }.joined(
      separator: " ")
  }
}

extension KernelLogEntry {
  init(_ request: TransportRequest, _ response: TransportResponse?, in kernel: InMemoryKernel) {
    method = Self.printable(request.method, atMost: 20)
    path = Self.path(of: request)
    status = response?.status
    let row = response?.headers["X-Plystra-Audit-Log-ID"].flatMap { id in
      kernel.withState { $0.audit.row(id: id) }
    }
    decision = row.map { row in
      [row.decision.effect, row.decision.judgement.denyCode].compactMap { $0 }.joined(separator: " ")
    }
  }

  private static func path(of request: TransportRequest) -> String {
    var rest = Substring(request.url)
    if let scheme = rest.firstRange(of: "://") {
      rest = rest[scheme.upperBound...]
      rest = rest[(rest.firstIndex(of: "/") ?? rest.endIndex)...]
    }
    let path = String(rest.prefix { $0 != "?" && $0 != "#" })
    let credentials = ["X-Plystra-API-Key", "Authorization"].compactMap { request.headers[$0] }
      .flatMap { $0.split(separator: " ").map(String.init) }
    return printable(masked(path, credentials), atMost: 100)
  }

  /// The path with `***` for each step that is a credential of the request, or looks like one of Plystra's.
  private static func masked(_ path: String, _ credentials: [String]) -> String {
    path.split(separator: "/", omittingEmptySubsequences: false).map { step in
      let looksSecret = ["ply_ak_", "ply_at_", "ply_rt_"].contains { step.lowercased().contains($0) }
      return looksSecret || credentials.contains { !$0.isEmpty && step.contains($0) } ? "***" : String(step)
    }.joined(separator: "/")
  }

  /// The text without what could break the line or steer a terminal.
  private static func printable(_ text: String, atMost count: Int) -> String {
    let scalars = text.unicodeScalars.prefix(count).map { scalar in
      (0x21...0x7E).contains(scalar.value) ? scalar : "\u{FFFD}"
    }
    return String(String.UnicodeScalarView(scalars)) + (text.unicodeScalars.count > count ? "…" : "")
  }
}
