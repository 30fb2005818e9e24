import PlystraCore
import TestSupport

/// The call that every contender makes: a check of a request in the contract's own words.
enum SampleCall {
  static let apiKey = "ply_kernel_secret"
  static let path = "/api/v1/authz/check"

  /// What a client sends with every such call, besides the request's id.
  static let headers: TransportHeaders = [
    "Accept": "application/json", "User-Agent": "plystra-swift/\(PlystraClient.version)",
    "Content-Type": "application/json", "X-Plystra-API-Key": apiKey,
  ]

  static func request() throws -> AuthorizationRequest {
    var request = try AuthorizationRequest(parsing: Fixtures.body("authz-request"))
    request.explain = false
    return request
  }

  /// The request as JSON.
  static func body() throws -> [UInt8] { try request().serialized() }

  /// The response to the request of this id.
  static func response(to id: String) throws -> [UInt8] {
    Array(
      String(decoding: try Fixtures.body("authz-check.allow"), as: UTF8.self).replacing(
        "req_01hzyj6b6q8", with: id
      )
      .utf8)
  }

  /// An id that differs from call to call, as long as the client's own.
  static func id(_ number: UInt64) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(unsafeUninitializedCapacity: 30) { bytes in
      for index in 0..<14 { bytes[index] = UInt8(ascii: "0") }
      for (index, byte) in "req_".utf8.enumerated() { bytes[index] = byte }
      for index in 0..<16 { bytes[29 - index] = digits[Int(number >> (4 * UInt64(index)) & 15)] }
      return 30
    }
  }
}
