extension AuthzService {
  /// Asks several questions, some of them at a time.
  ///
  /// ```swift
  /// let decisions = try await plystra.authz.checkAll(
  ///   invoices.map { .inContext(actor: actor, resource: $0, grants: grants, action: "approve") })
  /// let approvable = zip(invoices, decisions).filter { $0.1.isAllowed }.map(\.0)
  /// ```
  ///
  /// - Parameters:
  ///   - requests: any number of questions. None is sent if one of them cannot be; the error names it, such as
  ///     `requests[3].grants[0].action`.
  ///   - maximumConcurrency: how many are asked at a time, 1 or more. Each has the client's deadline for itself.
  /// - Returns: as many decisions, in the same order.
  /// - Throws: as ``check(_:)``. The first failure ends all of it: there are either all decisions or none.
  public func checkAll(
    _ requests: [AuthorizationRequest], maximumConcurrency: Int = 16
  ) async throws -> [Decision] {
    guard maximumConcurrency > 0 else {
      throw PlystraError.invalidRequest(
        "maximumConcurrency", "it must be 1 or more", operation: "authz.check")
    }
    let endpoints = try requests.enumerated().map { index, request in
      let credentials = client.core.credentials.snapshot()
      let endpoint = try endpoint(
        "authz.check", "/api/v1/authz/check", request, credentials, at: "requests[\(index)]")
      // Made now to be refused now, for lack of a credential, and made again when its deadline begins.
      _ = try client.call(endpoint, credentials)
      return endpoint
    }
    // Children write their results down: what a child returns in a tuple is not reliable with every optimizer.
    let decisions = Locked([Decision?](repeating: nil, count: requests.count))
    try await withThrowingTaskGroup(of: Void.self) { group in
      for (index, endpoint) in endpoints.enumerated() {
        if index >= maximumConcurrency { try await group.next() }
        group.addTask {
          let decision = try await client.call(endpoint).response { requests[index].mismatch(in: $0) }.data
          decisions.withLock { $0[index] = decision }
        }
      }
      try await group.waitForAll()
    }
    return try decisions.withLock { decisions in
      try decisions.map { decision in
        // Never so; but decisions that slid into each other's places would allow what was denied.
        guard let decision else { throw CancellationError() }
        return decision
      }
    }
  }
}
