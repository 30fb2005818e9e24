import Foundation
import PlystraCore

/// Where a request goes, and how its head is written.
struct SocketTarget {
  /// Host and port, as in `Host`.
  let place: String
  /// Path and query.
  private let target: String
  let address: sockaddr_in?

  private static let ownFields: Set = ["host", "content-length", "transfer-encoding"]

  init(_ request: TransportRequest, mistakes: Set<SocketTransport.Mistake>) throws {
    let parts = request.url.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
    let texts = [request.url, request.method] + request.headers.flatMap { [$0.name, $0.value] }
    let isClean =
      !texts.contains { $0.utf8.contains { $0 < 0x20 && $0 != 0x09 } } && !request.method.contains(" ")
      && !request.url.contains(" ") && request.headers.allSatisfy { !$0.name.isEmpty }
    let framesItself = request.headers.contains { Self.ownFields.contains($0.name.lowercased()) }
    guard parts.count == 4, parts[0] == "http:", isClean || mistakes.contains(.sendsLineEnds),
      !framesItself || mistakes.contains(.sendsAnyField)
    else {
      throw TransportError(kind: .other, message: "the request is malformed", mayHaveBeenSent: false)
    }
    place = String(parts[2])
    target = "/" + parts[3]
    address = Self.address(of: place)
  }

  private static func address(of place: String) -> sockaddr_in? {
    let parts = place.split(separator: ":")
    var found: UnsafeMutablePointer<addrinfo>?
    var hints = addrinfo()
    hints.ai_family = AF_INET
    guard getaddrinfo(String(parts[0]), parts.count > 1 ? String(parts[1]) : "80", &hints, &found) == 0 else {
      return nil
    }
    defer { freeaddrinfo(found) }
    return found?.pointee.ai_addr.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { $0.pointee }
  }

  func head(of request: TransportRequest, _ mistakes: Set<SocketTransport.Mistake>) -> [UInt8] {
    let method = mistakes.contains(.lowersMethods) ? request.method.lowercased() : request.method
    let path = mistakes.contains(.dropsQuery) ? String(target.prefix { $0 != "?" }) : target
    var head = "\(method) \(path) HTTP/1.1\r\nHost: \(place)\r\n"
    for field in request.headers { head += "\(field.name): \(field.value)\r\n" }
    if let body = request.body { head += "Content-Length: \(body.count)\r\n" }
    return Array((head + "\r\n").utf8)
  }
}

/// The head of an answer.
struct SocketHead {
  let status: Int
  let headers: TransportHeaders
  /// Whether the server closes the connection after the answer.
  let closes: Bool

  init?(_ text: String) {
    let lines = text.components(separatedBy: "\r\n")
    let start = lines[0].split(separator: " ", maxSplits: 2)
    guard start.count >= 2, start[0].hasPrefix("HTTP/1."), let status = Int(start[1]) else { return nil }
    var headers = TransportHeaders()
    for line in lines.dropFirst() {
      guard let colon = line.firstIndex(of: ":") else { return nil }
      let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
      headers.add(String(line[..<colon]), value)
    }
    self.status = status
    self.headers = headers
    closes = start[0] == "HTTP/1.0" || headers["Connection"]?.lowercased() == "close"
  }
}
