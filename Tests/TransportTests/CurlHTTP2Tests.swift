import CLibcurl
import Foundation
import PlystraCore
import PlystraCurlTransport
import TestSupport
import Testing

/// A server that speaks HTTP/2 over TLS byte by byte, by the openssl program: it answers one request and, when the
/// client has read that, resets the stream.
private final class HTTP2Server: Sendable {
  let port: Int
  private let process: Locked<Process>

  /// - Parameter answer: frames to send once a request has come.
  init(_ certificates: TestCertificates, answer: [UInt8]) throws {
    let probe = try RawServer.responding()
    port = probe.port
    probe.stop()
    let process = Process()
    let (input, output) = (Pipe(), Pipe())
    process.executableURL = Program.path(of: "openssl").map { URL(fileURLWithPath: $0) }
    process.arguments = [
      "s_server", "-quiet", "-alpn", "h2", "-accept", "127.0.0.1:\(port)",
      "-cert", certificates.file("valid.pem"), "-key", certificates.file("valid.key"),
    ]
    process.standardInput = input
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    self.process = Locked(process)
    Thread.detachNewThread {
      let (input, output) = (input.fileHandleForWriting, output.fileHandleForReading)
      guard Self.read(24, from: output) != nil, Self.waitForFrame(.headers, from: output) else { return }
      try? input.write(contentsOf: Data(Frame.settings + Frame.settingsTaken + answer + Frame.ping))
      // The client acknowledges the ping after it has read the frames before it. Were the reset among those, libcurl 7.88 would report
      // it before anything else.
      guard Self.waitForFrame(.ping, from: output) else { return }
      try? input.write(contentsOf: Data(Frame.reset))
      // Until the process ends: the end of its input would end the connection.
      _ = output.readDataToEndOfFile()
    }
  }

  /// By the one signal that the program cannot have inherited as blocked from a thread of the pool.
  func stop() { process.withLock { _ = kill($0.processIdentifier, SIGKILL) } }

  /// Reads the client's frames up to one of this kind; false if they end before.
  private static func waitForFrame(_ kind: Frame.Kind, from file: FileHandle) -> Bool {
    while let head = read(9, from: file) {
      let length = Int(head[0]) << 16 | Int(head[1]) << 8 | Int(head[2])
      guard length == 0 || read(length, from: file) != nil else { return false }
      if head[3] == kind.rawValue { return true }
    }
    return false
  }

  private static func read(_ count: Int, from file: FileHandle) -> [UInt8]? {
    var bytes: [UInt8] = []
    while bytes.count < count {
      guard let more = try? file.read(upToCount: count - bytes.count), !more.isEmpty else { return nil }
      bytes += more
    }
    return bytes
  }
}

@Suite(
  "CurlTransport: HTTP/2 streams that are reset", .timeLimit(.minutes(minutesOfAHang)),
  .enabled(
    if: TestCertificates.obstacle == nil, "nginx or openssl is missing; run Scripts/bootstrap --tests"),
  .enabled(
    if: plystra_speaks_http2(), "this libcurl has no HTTP/2, or one that takes cut answers for whole ones")
)
struct CurlHTTP2Tests {
  private func result(of answer: [UInt8]) async throws -> Result<TransportResponse, TransportError> {
    let certificates = try TestCertificates()
    let server = try HTTP2Server(certificates, answer: answer)
    defer { server.stop() }
    let transport = try CurlTransport(
      configuration: TransportConfiguration(certificateAuthorities: certificates.authority))
    defer { transport.shutdown() }
    while true {
      do throws(TransportError) {
        return .success(
          try await send(curlRequest("GET", "https://localhost:\(server.port)/"), by: transport))
      } catch {
        // The program does not listen yet.
        if error.kind == .connect { continue }
        return .failure(error)
      }
    }
  }

  private func send(
    _ request: TransportRequest, by transport: CurlTransport
  ) async throws(TransportError) -> TransportResponse {
    do {
      return try await transport.send(request)
    } catch let error as TransportError {
      throw error
    } catch {
      throw TransportError(kind: .other, message: "\(error)", mayHaveBeenSent: true)
    }
  }

  @Test("behind the announced length: the answer is whole")
  func whole() async throws {
    let response = try await result(of: Frame.headers(length: 5) + Frame.data("hello")).get()
    #expect(response.status == 200)
    #expect(response.body == Array("hello".utf8))
  }

  @Test("before the announced length, or with none announced: the answer is cut", arguments: [6, nil])
  func cut(length: Int?) async throws {
    let result = try await result(of: Frame.headers(length: length) + Frame.data("hello"))
    let error = #expect(throws: TransportError.self) { try result.get() }
    #expect(error?.kind == .truncated)
    #expect(error?.mayHaveBeenSent == true)
  }

  @Test("before any answer: it may have been sent")
  func nothing() async throws {
    let result = try await result(of: [])
    let error = #expect(throws: TransportError.self) { try result.get() }
    #expect(error?.kind == .reset)
    #expect(error?.mayHaveBeenSent == true)
  }
}
