/// The members of a JSON object, in order, each key once.
///
/// Keys are the same if their code points are. Two objects are equal if they have equal values under the same keys, in whatever order.
public struct JSONObject: Sendable {
  /// One key and its value.
  public typealias Element = (key: String, value: JSONValue)

  /// From this many members on, keys are found by an index, so that no text can make reading quadratic.
  private static let indexedCount = 64

  private(set) var members: [Element] = []
  /// Positions by key; empty while there are few members.
  private var positions: [ExactKey: Int] = [:]

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
    positions.isEmpty ? members.firstIndex { ExactKey.isSame($0.key, key) } : positions[ExactKey(text: key)]
  }

  mutating func reserveCapacity(_ count: Int) { members.reserveCapacity(count) }

  /// Appends a member whose key there is not yet.
  mutating func append(_ key: String, _ value: JSONValue) {
    members.append((key, value))
    if members.count > Self.indexedCount, !positions.isEmpty {
      positions[ExactKey(text: key)] = members.count - 1
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
    for (position, member) in members.enumerated() { positions[ExactKey(text: member.key)] = position }
  }
}

extension JSONObject {
  /// A key as JSON compares it, by its code points: Swift holds texts for equal that Unicode calls equivalent, and
  /// would lose a member of an object that has both.
  private struct ExactKey: Hashable {
    let text: String

    static func isSame(_ lhs: String, _ rhs: String) -> Bool {
      // Texts of the same code points are equal to Swift, too, which finds that out faster.
      lhs.utf8.count == rhs.utf8.count && lhs == rhs && lhs.utf8.elementsEqual(rhs.utf8)
    }

    static func == (lhs: ExactKey, rhs: ExactKey) -> Bool { isSame(lhs.text, rhs.text) }

    /// Hashes the bytes, eight at a time: equivalent texts must not collide, or a hostile text could be made of them.
    func hash(into hasher: inout Hasher) {
      var word: UInt64 = 0
      var count = 0
      for byte in text.utf8 {
        word = word << 8 | UInt64(byte)
        count += 1
        if count & 7 == 0 { hasher.combine(word) }
      }
      hasher.combine(word)
      hasher.combine(count)
    }
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
