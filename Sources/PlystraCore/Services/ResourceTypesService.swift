extension PlystraClient {
  /// The types of resources that the service knows.
  public var resourceTypes: ResourceTypesService { ResourceTypesService(client: self) }
}

/// The types of resources that the service knows.
public struct ResourceTypesService: Sendable {
  let client: PlystraClient

  /// Lists the types.
  ///
  /// - Parameter limit: the most types to list, 1…200; the service's own number when nil.
  /// - Throws: ``PlystraError`` or `CancellationError`.
  public func list(limit: Int? = nil) async throws -> ResultPage<ResourceType> {
    try PageLimit.validate(limit, operation: "resourceTypes.list")
    let query = limit.map { [(name: "limit", value: String($0))] } ?? []
    return try await client.page(
      .read("resourceTypes.list", "/api/v1/resource-types", query: query, credential: .server))
  }
}

/// How many elements a list may be asked for.
enum PageLimit {
  /// Refuses what the service would silently replace by 50 (contract §5).
  ///
  /// - Throws: ``PlystraError`` of kind `invalidRequest`.
  static func validate(_ limit: Int?, operation: String) throws {
    if let limit, !(1...200).contains(limit) {
      throw PlystraError.invalidRequest("limit", "must be from 1 to 200", operation: operation)
    }
  }
}
