import Foundation
import PlystraCore
import PlystraTesting
import Testing

/// Speaks to a kernel in plain requests and JSON, so that nothing of the client stands between test and answer.
struct KernelDriver: Sendable {
  let kernel: InMemoryKernel
  /// A clock that stands still until a test moves it.
  let clock: TestClock

  init(_ seed: KernelSeed = .demo, at start: String = "2026-05-06T00:00:00Z") throws {
    let clock = TestClock(try #require(Timestamp.date(from: start)))
    self.clock = clock
    kernel = InMemoryKernel(seed: seed, now: { clock.now })
  }

  static let apiKey = ["X-Plystra-API-Key": "ply_kernel_secret"]

  static func bearer(_ token: String) -> [String: String] { ["Authorization": "Bearer \(token)"] }

  func send(
    _ method: String, _ path: String, body: [UInt8]? = nil, headers: [String: String] = [:],
    from remoteAddress: String = "192.0.2.7"
  ) -> KernelAnswer {
    let fields = TransportHeaders(headers.map { (name: $0.key, value: $0.value) })
    let request = TransportRequest(method: method, url: "/api/v1/\(path)", headers: fields, body: body)
    return KernelAnswer(kernel.respond(to: request, remoteAddress: remoteAddress))
  }

  func get(_ path: String, _ headers: [String: String] = [:]) -> KernelAnswer {
    send("GET", path, headers: headers)
  }

  func post(
    _ path: String, _ body: JSONValue, _ headers: [String: String] = [:], from address: String = "192.0.2.7"
  ) -> KernelAnswer {
    send("POST", path, body: body.serialized(), headers: headers, from: address)
  }

  func login(
    _ email: String = "alice@example.com", _ password: String = "plystra-demo",
    from address: String = "192.0.2.7"
  ) -> KernelAnswer {
    post("auth/login", ["email": .string(email), "password": .string(password)], from: address)
  }

  /// The header of a fresh session.
  func session(_ email: String = "alice@example.com") throws -> [String: String] {
    Self.bearer(try #require(login(email).data["access_token"]?.stringValue))
  }
}

/// An answer of the kernel, its body read as JSON.
struct KernelAnswer {
  let status: Int
  let headers: TransportHeaders
  let body: [UInt8]

  init(_ response: TransportResponse) {
    status = response.status
    headers = response.headers
    body = response.body
  }

  var json: JSONValue { (try? JSONValue(parsing: body)) ?? .null }
  var data: JSONValue { json["data"] ?? .null }
  var rows: [JSONValue] { data.arrayValue ?? [] }
  var error: JSONValue { json["error"] ?? .null }
  var code: String? { error["code"]?.stringValue }
  var text: String { String(decoding: body, as: UTF8.self) }
}

/// A wall clock that a test sets.
final class TestClock: Sendable {
  private let moment: Locked<Date>

  init(_ start: Date) { moment = Locked(start) }

  var now: Date { moment.withLock { $0 } }

  func advance(by seconds: TimeInterval) { moment.withLock { $0 += seconds } }
}

extension JSONValue {
  /// What stands under a path of keys, such as `actor.user.id`.
  func at(_ path: String) -> JSONValue? {
    path.split(separator: ".").reduce(Optional(self)) { $0?[String($1)] }
  }
}
