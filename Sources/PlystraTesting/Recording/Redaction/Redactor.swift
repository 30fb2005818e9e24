import PlystraCore

/// Takes the secrets out of requests and answers, each replaced by the same placeholder wherever it stands.
struct Redactor: Sendable {
  private var ledger: SecretLedger
  private let names: SecretNames

  init(_ redaction: Redaction, style: SecretLedger.Style, includesPersonalData: Bool = true) {
    names = SecretNames(redaction, includesPersonalData: includesPersonalData)
    ledger = SecretLedger(style)
    for secret in redaction.secrets {
      secret.withExposedValue { _ = ledger.placeholder(for: $0, kind: SecretNames.Kind.custom) }
    }
  }

  /// How many secrets have been found so far.
  var knownSecrets: Int { ledger.count }

  // MARK: Messages

  /// A request without secrets. What names say is taken out first, so that echoes of it are found everywhere.
  mutating func request(_ request: TransportRequest) -> TransportRequest {
    var request = request
    request.headers = named(request.headers)
    request.url = url(request.url)
    request.body = request.body.map { body($0) }
    // Once more, with what the body has told.
    request.url = url(request.url)
    request.headers = scanned(request.headers)
    return request
  }

  /// An answer without secrets.
  mutating func response(_ response: TransportResponse) -> TransportResponse {
    var response = response
    response.headers = named(response.headers)
    response.body = body(response.body)
    response.headers = scanned(response.headers)
    return response
  }

  /// A request that was redacted before, without the secrets that have become known since.
  mutating func scanned(_ request: TransportRequest) -> TransportRequest {
    var request = request
    request.url = url(request.url)
    request.headers = scanned(request.headers)
    request.body = request.body.map { body($0) }
    return request
  }

  /// An answer that was redacted before, without the secrets that have become known since.
  mutating func scanned(_ response: TransportResponse) -> TransportResponse {
    var response = response
    response.headers = scanned(response.headers)
    response.body = body(response.body)
    return response
  }

  // MARK: Texts

  /// Any text without secrets.
  mutating func text(_ text: String) -> String {
    String(decoding: scan(Array(text.utf8), isCut: false), as: UTF8.self)
  }

  private mutating func scan(_ bytes: [UInt8], isCut: Bool) -> [UInt8] {
    var scanner = SecretScanner(bytes, names: names, isCut: isCut)
    return scanner.scan(&ledger)
  }

  // MARK: Header fields

  private mutating func named(_ headers: TransportHeaders) -> TransportHeaders {
    TransportHeaders(
      headers.map { field in
        guard let kind = names.kind(ofHeader: field.name) else { return (field.name, field.value) }
        return (field.name, header(field, kind))
      })
  }

  private mutating func header(_ field: TransportHeaders.Field, _ kind: String) -> String {
    switch field.name.lowercased() {
    case "cookie":
      return field.value.split(separator: ";").map { cookie($0) }.joined(separator: ";")
    case "set-cookie":
      let parts = field.value.split(separator: ";", maxSplits: 1)
      return ([parts.first.map { cookie($0) } ?? ""] + parts.dropFirst().map(String.init))
        .joined(separator: ";")
    case "authorization", "proxy-authorization":
      let parts = field.value.split(separator: " ", maxSplits: 1)
      guard parts.count == 2 else { return ledger.placeholder(for: field.value, kind: kind) }
      let isToken = parts[0].lowercased() == "bearer"
      let kind = isToken ? SecretNames.Kind.accessToken : kind
      return "\(parts[0]) " + ledger.placeholder(for: String(parts[1]), kind: kind)
    default: return ledger.placeholder(for: field.value, kind: kind)
    }
  }

  /// `name=value` with the value replaced.
  private mutating func cookie(_ pair: Substring) -> String {
    let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let kind = SecretNames.Kind.cookie
    guard parts.count == 2 else { return ledger.placeholder(for: String(pair), kind: kind) }
    return "\(parts[0])=" + ledger.placeholder(for: String(parts[1]), kind: kind)
  }

  private mutating func scanned(_ headers: TransportHeaders) -> TransportHeaders {
    TransportHeaders(headers.map { field in (field.name, text(field.value)) })
  }

  // MARK: URLs

  /// A URL without secrets in its user info, path and query.
  mutating func url(_ url: String) -> String {
    var address = RequestAddress(url)
    address.userInfo = address.userInfo.map { ledger.placeholder(for: $0, kind: SecretNames.Kind.credential) }
    for index in address.segments.indices {
      let plain = PercentEncoding.decoded(address.segments[index])
      let clean = text(plain)
      if clean != plain { address.segments[index] = PercentEncoding.encoded(clean) }
    }
    for index in address.items.indices {
      let item = address.items[index]
      let (name, value) = (text(item.name), queryValue(item))
      if name != item.name || value != item.value { address.items[index].replace(name: name, value: value) }
    }
    return address.text
  }

  private mutating func queryValue(_ item: RequestAddress.Item) -> String {
    guard let kind = names.kind(ofField: item.name) else { return text(item.value) }
    return ledger.placeholder(for: item.value, kind: kind)
  }

  // MARK: Bodies

  /// A body without secrets, byte for byte the same if it holds none.
  private mutating func body(_ bytes: [UInt8]) -> [UInt8] {
    guard !bytes.isEmpty else { return bytes }
    guard let json = try? JSONValue(parsing: bytes) else { return scan(bytes, isCut: true) }
    let original = json.serialized()
    let clean = scanned(named(json, inherited: nil)).serialized()
    guard clean == original, original != bytes else { return clean }
    // Of keys that stand twice the value held one only, so the text is searched as well.
    return scan(bytes, isCut: false)
  }

  private mutating func named(_ value: JSONValue, inherited kind: String?) -> JSONValue {
    switch value {
    case .null, .bool: return value
    case .string(let text):
      return kind.map { .string(ledger.placeholder(for: text, kind: $0)) } ?? value
    case .integer, .number:
      return kind.map { .string(ledger.placeholder(for: value.description, kind: $0)) } ?? value
    case .array(let elements): return .array(elements.map { named($0, inherited: kind) })
    case .object(let members):
      // An object of credentials has names of its own; what tokens or addresses come with is not secret.
      let isAllSecret = kind == SecretNames.Kind.credential || kind == SecretNames.Kind.custom
      return .object(
        JSONObject(
          members.map { member in
            let own = names.kind(ofField: member.key) ?? (isAllSecret ? kind : nil)
            return (member.key, named(member.value, inherited: own))
          }))
    }
  }

  /// The value with every text searched, keys included.
  private mutating func scanned(_ value: JSONValue) -> JSONValue {
    switch value {
    case .null, .bool: return value
    case .integer, .number:
      // A secret may be made of digits.
      let written = value.description
      let clean = text(written)
      return clean == written ? value : .string(clean)
    case .string(let text): return .string(self.text(text))
    case .array(let elements): return .array(elements.map { scanned($0) })
    case .object(let members):
      return .object(JSONObject(members.map { member in (text(member.key), scanned(member.value)) }))
    }
  }
}
