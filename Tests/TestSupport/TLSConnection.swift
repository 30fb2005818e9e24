import Foundation

/// What the connections of a test's TLS server have in common: its certificate, and HTTP/2 where the client offers it.
///
/// `@unchecked Sendable` is right because OpenSSL lets any thread make connections of a context that nobody changes.
package final class TLSContext: @unchecked Sendable {
  /// Why no test can have one here, or nil if it can.
  package static let obstacle: String? =
    TestCertificates.obstacle ?? (TLSLibrary.loaded == nil ? "libcurl uses no OpenSSL here" : nil)

  fileprivate let library: TLSLibrary
  fileprivate let pointer: UnsafeMutableRawPointer

  /// - Parameter requiresCertificate: whether the handshake fails for clients without a certificate of the authority.
  package init(_ certificates: TestCertificates, requiresCertificate: Bool = false) throws {
    guard let library = TLSLibrary.loaded, let pointer = library.newContext(library.serverMethod()) else {
      throw Program.Failure(description: "there is no OpenSSL")
    }
    self.library = library
    self.pointer = pointer
    guard library.useCertificate(pointer, certificates.file("valid.pem")) == 1,
      library.useKey(pointer, certificates.file("valid.key"), 1) == 1
    else { throw Program.Failure(description: "OpenSSL does not take the certificate") }
    library.setProtocolChoice(pointer, chooseProtocol, nil)
    guard requiresCertificate else { return }
    guard library.useAuthority(pointer, certificates.authority, nil) == 1 else {
      throw Program.Failure(description: "OpenSSL does not take the authority")
    }
    library.setVerification(pointer, 3, nil)
  }

  deinit { library.freeContext(pointer) }
}

/// Chooses HTTP/2 if it is offered, else whatever is first.
private let chooseProtocol: TLSLibrary.ChooseProtocol = { _, chosen, chosenCount, offered, offeredCount, _ in
  // Each name comes after a byte with its length; the list outlives the call.
  guard let chosen, let chosenCount, let offered, offeredCount > 0 else { return 3 }
  let names = UnsafeBufferPointer(start: offered, count: Int(offeredCount))
  var start = 0
  var choice = 0
  while start < names.count {
    if names[(start + 1)...].prefix(Int(names[start])).elementsEqual("h2".utf8) { choice = start }
    start += 1 + Int(names[start])
  }
  chosen.pointee = offered + choice + 1
  chosenCount.pointee = names[choice]
  return 0
}

/// The server's side of TLS on a ``RawConnection``, for its script.
///
/// OpenSSL reads and writes memory alone, which `input` and `output` are, and which it frees with the connection.
package final class TLSConnection {
  package let raw: RawConnection
  private let context: TLSContext
  private let pointer: UnsafeMutableRawPointer
  private let input: UnsafeMutableRawPointer
  private let output: UnsafeMutableRawPointer
  private var library: TLSLibrary { context.library }
  private var pending: [UInt8] = []

  /// Makes the handshake.
  package init(_ raw: RawConnection, _ context: TLSContext) throws {
    let library = context.library
    guard let pointer = library.new(context.pointer), let input = library.newMemory(library.memoryMethod()),
      let output = library.newMemory(library.memoryMethod())
    else { throw Program.Failure(description: "OpenSSL has no memory") }
    self.raw = raw
    self.context = context
    self.pointer = pointer
    self.input = input
    self.output = output
    library.setMemory(pointer, input, output)
    library.beServer(pointer)
    while library.handshake(pointer) != 1 {
      try flush()
      guard try feed() else { throw RawConnection.Ended.byPeer }
    }
    try flush()
  }

  deinit { library.free(pointer) }

  /// Whether HTTP/2 was agreed on.
  package var speaksHTTP2: Bool {
    var name: UnsafePointer<UInt8>?
    var count: UInt32 = 0
    library.chosenProtocol(pointer, &name, &count)
    return UnsafeBufferPointer(start: name, count: Int(count)).elementsEqual("h2".utf8)
  }

  /// Reads a number of bytes; nil if the other side finished first.
  package func read(_ count: Int) throws -> [UInt8]? {
    while pending.count < count {
      guard try receive() else { return nil }
    }
    defer { pending.removeFirst(count) }
    return Array(pending.prefix(count))
  }

  /// Reads an HTTP/1.1 request with a body of a known length, or none; nil if the other side finished first.
  package func readRequest() throws -> RawRequest? {
    let end = Array("\r\n\r\n".utf8)
    var bytes: [UInt8] = []
    while bytes.suffix(end.count) != end[...] {
      guard let byte = try read(1) else { return nil }
      bytes += byte
    }
    let head = RawHead(bytes)
    var count = 0
    if case .length(let announced) = head.framing { count = announced }
    guard let body = try read(count) else { return nil }
    let request = RawRequest(
      connection: raw.number, method: head.startLine.first ?? "",
      target: head.startLine.count > 1 ? head.startLine[1] : "", headers: head.headers, body: body,
      bytes: bytes + body)
    raw.note(request)
    return request
  }

  /// Sends all bytes.
  package func send(_ bytes: [UInt8]) throws {
    guard library.write(pointer, bytes, Int32(bytes.count)) == bytes.count else {
      throw RawConnection.Ended.byPeer
    }
    try flush()
  }

  /// Says that nothing more comes, as TLS does it, and ends the script's half of the connection.
  package func finish() throws {
    _ = library.shutdown(pointer)
    try flush()
    raw.finishWriting()
  }

  /// Stays silent until the other side finishes.
  package func holdUntilClosed() throws {
    while try receive() { pending = [] }
  }

  private func receive() throws -> Bool {
    var chunk = [UInt8](repeating: 0, count: 16 << 10)
    while true {
      let count = library.read(pointer, &chunk, Int32(chunk.count))
      if count > 0 {
        pending += chunk[..<Int(count)]
        return true
      }
      guard try feed() else { return false }
    }
  }

  private func feed() throws -> Bool {
    guard try raw.waitForBytes() else { return false }
    let bytes = raw.pending
    raw.pending = []
    return library.writeMemory(input, bytes, Int32(bytes.count)) == bytes.count
  }

  private func flush() throws {
    var chunk = [UInt8](repeating: 0, count: 16 << 10)
    while true {
      let count = library.readMemory(output, &chunk, Int32(chunk.count))
      guard count > 0 else { return }
      try raw.send(chunk[..<Int(count)])
    }
  }
}
