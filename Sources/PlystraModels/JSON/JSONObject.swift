/// The members of a JSON object, in order, each key once.
///
/// Two objects are equal if they have equal values under the same keys, in whatever order.
public struct JSONObject: Sendable {
  /// One key and its value.
  public typealias Element = (key: String, value: JSONValue)

  /// From this many members on, keys are found by an index, so that no text can make reading quadratic.
  private static let indexedCount = 16

  private var members: [Element] = []
  /// Positions by key; empty while there are few members.
  private var positions: [String: Int] = [:]

  /// An object without members.
  public init() {}

  /// An object of the given members; of equal keys the last value wins, in the place of the first.
  public init(_ members: some Sequence<(String, JSONValue)>) {
    for (key, value) in members { self[key] = value }
  }

  /// The value of a key, or nil if there is none.
  ///
  /// Setting replaces in place or appends; setting nil removes.
  public subscript(key: String) -> JSONValue? {
    get { position(of: key).map { members[$0].value } }
    set {
      switch (position(of: key), newValue) {
      case (let position?, let value?): members[position].value = value
      case (nil, let value?): append(key, value)
      case (let position?, nil): remove(at: position)
      case (nil, nil): break
      }
    }
  }

  /// The keys in order.
  public var keys: [String] { members.map(\.key) }

  private func position(of key: String) -> Int? {
    positions.isEmpty ? members.firstIndex { $0.key == key } : positions[key]
  }

  private mutating func append(_ key: String, _ value: JSONValue) {
    members.append((key, value))
    if members.count > Self.indexedCount, !positions.isEmpty {
      positions[key] = members.count - 1
    } else if members.count == Self.indexedCount {
      buildIndex()
    }
  }

  private mutating func remove(at position: Int) {
    members.remove(at: position)
    positions = [:]
    if members.count >= Self.indexedCount { buildIndex() }
  }

  private mutating func buildIndex() {
    positions.reserveCapacity(members.count * 2)
    for (position, member) in members.enumerated() { positions[member.key] = position }
  }
}

extension JSONObject: RandomAccessCollection {
  /// The position of the first member.
  public var startIndex: Int { members.startIndex }
  /// The position behind the last member.
  public var endIndex: Int { members.endIndex }
  /// The member at a position.
  public subscript(position: Int) -> Element { members[position] }
}

extension JSONObject: Hashable {
  /// Whether both have equal values under the same keys.
  public static func == (lhs: JSONObject, rhs: JSONObject) -> Bool {
    lhs.count == rhs.count && lhs.members.allSatisfy { rhs[$0.key] == $0.value }
  }

  /// Hashes what `==` compares, whatever the order.
  public func hash(into hasher: inout Hasher) {
    var combined = 0
    for member in members {
      var inner = Hasher()
      inner.combine(member.key)
      inner.combine(member.value)
      combined ^= inner.finalize()
    }
    hasher.combine(count)
    hasher.combine(combined)
  }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
  /// An object in the order of the literal; of equal keys the last value wins.
  public init(dictionaryLiteral elements: (String, JSONValue)...) { self.init(elements) }
}

extension JSONObject: CustomStringConvertible {
  /// The object as JSON.
  public var description: String { JSONValue.object(self).description }
}
