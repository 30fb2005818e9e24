import Foundation
import PlystraCore
import PlystraTesting
import TestSupport
import Testing

/// Secrets of all sorts of characters, echoed by a careless service in all sorts of ways.
@Suite struct SecretEchoTests {
  private static let alphabet = Array("abcXYZ019 \"\\/&<>%+=@:;,.'{}[]#?$!-_~|\t\nöß財\u{1F511}\u{301}")

  private func secret(_ generator: inout some RandomNumberGenerator) -> String {
    // Random parts between two that are not, so that what is left of it can be told from other text.
    let middle = (0..<12).compactMap { _ in Self.alphabet.randomElement(using: &generator) }
    return "kanarie\(String(middle))zangvogel"
  }

  /// Every text in a value, down into texts that are JSON themselves.
  private func texts(in value: JSONValue) -> [String] {
    switch value {
    case .string(let text):
      guard let inner = try? JSONValue(parsing: text.utf8), inner.stringValue == nil else { return [text] }
      return [text] + texts(in: inner)
    case .array(let elements): return elements.flatMap { texts(in: $0) }
    case .object(let members): return members.flatMap { [$0.key] + texts(in: $0.value) }
    default: return [value.description]
    }
  }

  private func echoes(of secret: String) throws -> [TransportResponse] {
    let quoted = JSONValue.string(secret).description
    let encoded = try #require(secret.addingPercentEncoding(withAllowedCharacters: .alphanumerics))
    let bodies = [
      #"{"error":{"message":\#(quoted),"details":{\#(quoted):[\#(quoted)]}}}"#, "<p>\(secret)</p>",
      "see https://h/?x=\(encoded)&y=1", #"{"cut":\#(quoted.dropLast(4))"#,
      #"{"twice":\#(quoted),"twice":1}"#,
      Data(secret.utf8).base64EncodedString(),
    ]
    return bodies.map { body in
      TransportResponse(
        status: 400, headers: ["Location": "/login?back=\(encoded)", "X-Echo": "you said \(encoded)"],
        body: Array(body.utf8))
    } + [TransportResponse(status: 200, body: [0xFF, 0xFE] + Array(secret.utf8) + [0x00])]
  }

  @Test(arguments: 0..<20)
  func noneIsLeft(_ round: Int) async throws {
    var generator = SystemRandomNumberGenerator()
    let secret = secret(&generator)
    let folder = try TemporaryFolder()
    let mock = MockTransport()
    let recording = try RecordingTransport(upstream: mock, to: folder.file("a.har"))
    for answer in try echoes(of: secret) {
      mock.script(.response(answer))
      _ = try await recording.send(
        TransportRequest(
          method: "POST", url: "https://h/api/v1/auth/login",
          body: JSONValue.object(["email": "a@b.example", "password": .string(secret)]).serialized()))
    }
    try await recording.finish()
    let text = try folder.contents(of: "a.har")
    for found in texts(in: try JSONValue(parsing: text.utf8)) {
      let plain = found.removingPercentEncoding ?? found
      let decoded = Data(base64Encoded: found).map { String(decoding: $0, as: UTF8.self) } ?? ""
      for shown in [found, plain, decoded] {
        #expect(
          !shown.contains("zangvogel") && !shown.contains("kanarie"), "\(secret.debugDescription): \(shown)")
      }
    }
    #expect(try HARCheck.problems(in: text) == [])
  }
}
