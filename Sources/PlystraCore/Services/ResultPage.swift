/// A page of a list (contract §2).
public struct ResultPage<Element: Sendable>: Sendable {
  /// The elements, in the service's order.
  public var items: [Element]
  /// The most elements that the service put on the page, if it said.
  public var limit: Int?
  /// Where the page ends, if the service offers paging.
  public var cursor: String?
  /// Whether there are more elements behind the page.
  public var hasMore: Bool
  /// The id of the call that asked.
  public var requestID: String?

  /// Makes a page.
  public init(
    items: [Element], limit: Int? = nil, cursor: String? = nil, hasMore: Bool = false,
    requestID: String? = nil
  ) {
    self.items = items
    self.limit = limit
    self.cursor = cursor
    self.hasMore = hasMore
    self.requestID = requestID
  }
}

extension ResultPage: Codable where Element: Codable {
  private enum CodingKeys: String, CodingKey {
    case items, limit, cursor, hasMore = "has_more", requestID = "request_id"
  }
}

extension ResultPage: Equatable where Element: Equatable {}
extension ResultPage: Hashable where Element: Hashable {}

extension ResultPage: RandomAccessCollection {
  /// The position of the first element.
  public var startIndex: Int { items.startIndex }
  /// The position behind the last element.
  public var endIndex: Int { items.endIndex }
  /// The element at a position.
  public subscript(position: Int) -> Element { items[position] }
}
