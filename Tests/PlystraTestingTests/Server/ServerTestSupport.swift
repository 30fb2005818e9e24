import PlystraCore
import TestSupport

@testable import PlystraTesting

/// A door for tasks that opens once and stays open.
actor Latch {
  private var isOpen = false
  private var waiting: [CheckedContinuation<Void, Never>] = []

  func open() {
    isOpen = true
    for continuation in waiting { continuation.resume() }
    waiting = []
  }

  func wait() async {
    if isOpen { return }
    await withCheckedContinuation { waiting.append($0) }
  }
}

extension HTTPServer {
  /// A server that answers with method, URL, body and remote address of the request.
  static func echoing(limits: ServerLimits = ServerLimits()) throws -> HTTPServer {
    try HTTPServer(
      limits: limits,
      handler: ServerHandler { request, remoteAddress in
        let body = String(decoding: request.body ?? [], as: UTF8.self)
        return .plain(200, "\(request.method) \(request.url) [\(body)] \(remoteAddress)")
      })
  }

  /// A server that answers every request with the same body.
  static func answering(_ body: [UInt8], limits: ServerLimits = ServerLimits()) throws -> HTTPServer {
    try HTTPServer(
      limits: limits, handler: ServerHandler { _, _ in TransportResponse(status: 200, body: body) })
  }
}

extension TransportResponse {
  /// The body as text.
  var text: String { String(decoding: body, as: UTF8.self) }
}
