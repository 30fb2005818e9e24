import CLibcurl
import Foundation
import PlystraCore
import TestSupport
import Testing

@testable import PlystraCurlTransport

@Suite("CurlTransport: sockets and names", .timeLimit(.minutes(minutesOfAHang)))
struct CurlSocketTests {
  #if os(Linux)
  /// This process's socket that is connected to a port of 127.0.0.1.
  private func descriptor(connectedTo port: Int) -> Int32? {
    (0..<65_536).first { descriptor in
      var address = sockaddr_in()
      var size = socklen_t(MemoryLayout<sockaddr_in>.size)
      let result = withUnsafeMutablePointer(to: &address) { address in
        address.withMemoryRebound(to: sockaddr.self, capacity: 1) { getpeername(descriptor, $0, &size) }
      }
      return result == 0 && address.sin_family == sa_family_t(AF_INET)
        && Int(UInt16(bigEndian: address.sin_port)) == port
    }
  }

  private func option(_ level: Int32, _ name: Int32, of socket: Int32) -> Int32 {
    var value: Int32 = -1
    var size = socklen_t(MemoryLayout<Int32>.size)
    getsockopt(socket, level, name, &value, &size)
    return value
  }

  @Test(
    "Nothing waits to be sent with more, silent peers are noticed, and no other program inherits a connection"
  )
  func options() async throws {
    let server = try RawServer.responding()
    defer { server.stop() }
    let transport = try CurlTransport()
    defer { transport.shutdown() }
    _ = try await transport.send(curlRequest("GET", server.url))
    let socket = try #require(descriptor(connectedTo: server.port))
    let tcp = Int32(IPPROTO_TCP)
    #expect(option(tcp, TCP_USER_TIMEOUT, of: socket) == 30_000)
    #expect(option(tcp, TCP_NODELAY, of: socket) != 0)
    #expect(option(SOL_SOCKET, SO_KEEPALIVE, of: socket) != 0)
    #expect(option(tcp, TCP_KEEPIDLE, of: socket) == 60)
    #expect(option(tcp, TCP_KEEPINTVL, of: socket) == 30)
    #expect(fcntl(socket, F_GETFD) & FD_CLOEXEC != 0)
  }
  #endif

  @Test("A name is looked up once for several connections")
  func names() async throws {
    let server = try RawServer.responding()
    defer { server.stop() }
    let limits = try TransferLimits(.init())
    let multi = try MultiHandle(limits: limits)
    let log = try #require(tmpfile())
    for _ in 0..<2 {
      let handle = try EasyHandle(limits: limits, multi: multi)
      plystra_easy_set_long(handle.pointer, CURLOPT_VERBOSE, 1)
      plystra_easy_set_pointer(handle.pointer, CURLOPT_STDERR, UnsafeRawPointer(log))
      // Never again on the same connection.
      let transfer = try curlTransfer("http://localhost:\(server.port)/", mayBeResent: false)
      try handle.prepare(
        for: transfer, to: Host(origin: transfer.origin.key, generation: 0), connectTimeout: 60_000)
      #expect(multi.add(handle) == CURLM_OK)
      var code: CURLcode?
      while code == nil {
        multi.perform()
        code = multi.nextEnded()?.1
        if code == nil { _ = multi.poll(milliseconds: 1_000) }
      }
      #expect(code == CURLE_OK)
      // Kept by libcurl for as long as the handle was in it.
      withExtendedLifetime(handle) { multi.remove(handle) }
    }
    multi.free()
    defer { fclose(log) }
    rewind(log)
    var bytes = [UInt8](repeating: 0, count: 64 << 10)
    bytes.removeLast(bytes.count - fread(&bytes, 1, bytes.count, log))
    let text = String(decoding: bytes, as: UTF8.self)
    #expect(server.connectionCount == 2)
    #expect(text.ranges(of: "was found in DNS cache").count == 1)
  }
}
