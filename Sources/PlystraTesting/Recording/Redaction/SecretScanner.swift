/// Goes through a text of any kind once and replaces the secrets in it: those that are known, those that follow their
/// name (`password=…`, `"password": "…"`), and what looks like one.
///
/// It works on bytes, since what stands next to a secret must not change whether it is found.
struct SecretScanner {
  private let text: [UInt8]
  private let names: SecretNames
  /// Whether the text may end within a secret, as a body does that was cut off.
  private let isCut: Bool

  private var output: [UInt8] = []
  private var position = 0
  /// Where the last placeholder in the output ends: nothing before it is part of a name or an address.
  private var settled = 0

  init(_ text: [UInt8], names: SecretNames, isCut: Bool) {
    self.text = text
    self.names = names
    self.isCut = isCut
    output.reserveCapacity(text.count)
  }

  /// The text without secrets; new ones are entered in the ledger.
  mutating func scan(_ ledger: inout SecretLedger) -> [UInt8] {
    while position < text.count {
      guard ledger.isInteresting[Int(text[position])] else {
        output.append(text[position])
        position += 1
        continue
      }
      let kept = Placeholder.length(at: position, in: text)
      if kept > 0 {
        emit(text[position..<(position + kept)])
      } else if let known = known(in: ledger) {
        emit(known.placeholder.utf8)
        position += known.length - known.placeholder.utf8.count
      } else if !replaceShape(&ledger), !replaceAddress(&ledger) {
        output.append(text[position])
        position += 1
        replaceNamedValue(&ledger)
      }
    }
    return output
  }

  /// The secret at the position that the ledger knows. Where only its beginning is, it may be another that begins alike,
  /// and what looks like one is replaced whole.
  private func known(in ledger: SecretLedger) -> SecretLedger.Match? {
    guard let known = ledger.match(at: position, in: text, isCut: isCut) else { return nil }
    if known.isWhole { return known }
    let looks = shape?.length ?? 0
    return looks > known.length ? nil : known
  }

  /// Writes bytes that are settled and moves on by as many.
  private mutating func emit(_ bytes: some Collection<UInt8>) {
    output += bytes
    settled = output.count
    position += bytes.count
  }

  /// Replaces the next `length` bytes of the text, which are a secret.
  private mutating func replace(_ length: Int, kind: String, _ ledger: inout SecretLedger) {
    let secret = String(decoding: text[position..<(position + length)], as: UTF8.self)
    output += ledger.placeholder(for: secret, kind: kind).utf8
    settled = output.count
    position += length
  }

  // MARK: Shapes

  /// What looks like a secret at the position. Without regard to the end of another secret right before it, a second scan
  /// would find more than the first.
  private var shape: SecretShape? {
    SecretShape.matching(text, at: position, isAfterSecret: settled > 0 && settled == output.count)
  }

  private mutating func replaceShape(_ ledger: inout SecretLedger) -> Bool {
    guard let shape else { return false }
    output += text[position..<(position + shape.prefix)]
    position += shape.prefix
    replace(shape.length - shape.prefix, kind: shape.kind, &ledger)
    return true
  }

  /// Replaces an e-mail address whose `@` comes next and whose local part is in the output already.
  private mutating func replaceAddress(_ ledger: inout SecretLedger) -> Bool {
    guard names.includesPersonalData else { return false }
    let sign = EmailAddress.signLength(text, at: position)
    let domain = EmailAddress.domainLength(text, at: position + sign)
    guard sign > 0, domain > 0 else { return false }
    let local = output[settled...].reversed().prefix(while: EmailAddress.isLocal).count
    guard local > 0 else { return false }
    let start = position + sign
    let address =
      output.suffix(local) + [UInt8(ascii: "@")] + text[start..<(start + domain)]
    output.removeLast(local)
    let secret = String(decoding: address, as: UTF8.self)
    output += ledger.placeholder(for: secret, kind: SecretNames.Kind.email).utf8
    settled = output.count
    position = start + domain
    return true
  }

  // MARK: Names

  /// After `=`, or the quote behind a quoted name, replaces the value if the name says that it is a secret.
  private mutating func replaceNamedValue(_ ledger: inout SecretLedger) {
    switch output.last {
    case UInt8(ascii: "="):
      guard let kind = kindOfName(endingAt: output.count - 1) else { return }
      let length = text[position...].prefix { !Self.endsPlainValue.contains($0) }.count
      replaceValue(length, kind, &ledger)
    case UInt8(ascii: "\""):
      // In a text within a text, quotes are escaped.
      let isEscaped = output.dropLast().last == UInt8(ascii: "\\")
      guard let kind = kindOfName(endingAt: output.count - (isEscaped ? 2 : 1)),
        let start = startOfMember()
      else { return }
      copy(upTo: start)
      replaceMember(kind, &ledger)
    default: return
    }
  }

  private static let endsPlainValue = Set(" \t\r\n&;,\"'<>(){}[]\\".utf8)
  private static let space = Set(" \t\r\n".utf8)

  private func kindOfName(endingAt end: Int) -> String? {
    guard end >= settled else { return nil }
    let name = output[settled..<end].reversed().prefix(while: Self.isNameByte)
    return name.isEmpty ? nil : names.kind(ofField: String(decoding: name.reversed(), as: UTF8.self))
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F, 0x2D: true
    default: false
    }
  }

  /// Where the value begins behind a name's closing quote, if a colon follows.
  private func startOfMember() -> Int? {
    var index = position
    while index < text.count, Self.space.contains(text[index]) { index += 1 }
    guard index < text.count, text[index] == UInt8(ascii: ":") else { return nil }
    index += 1
    while index < text.count, Self.space.contains(text[index]) { index += 1 }
    return index
  }

  private mutating func copy(upTo end: Int) {
    output += text[position..<end]
    position = end
  }

  private mutating func replaceMember(_ kind: String, _ ledger: inout SecretLedger) {
    let quote = [UInt8(ascii: "\"")]
    let escapedQuote = Array("\\\"".utf8)
    let opening = [quote, escapedQuote].first { text[position...].starts(with: $0) }
    guard let opening else {
      let word = text[position...].prefix { !Self.endsPlainValue.contains($0) }
      let isPlain = ["null", "true", "false"].contains { word.elementsEqual($0.utf8) }
      return isPlain ? () : replaceValue(word.count, kind, &ledger)
    }
    copy(upTo: position + opening.count)
    var end = position
    while end < text.count, !text[end...].starts(with: opening) {
      // A quote that is escaped once more belongs to the value.
      end += text[end] == UInt8(ascii: "\\") ? 2 : 1
    }
    replaceValue(min(end, text.count) - position, kind, &ledger)
  }

  private mutating func replaceValue(_ length: Int, _ kind: String, _ ledger: inout SecretLedger) {
    guard length > 0, Placeholder.length(at: position, in: text) == 0 else { return }
    replace(length, kind: kind, &ledger)
  }
}
