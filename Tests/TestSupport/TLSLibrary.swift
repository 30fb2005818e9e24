import Foundation

/// The functions of OpenSSL that a test's server needs, as the process has them: libcurl brings them along.
///
/// `@unchecked Sendable` is right because all of it is constant, and OpenSSL lets any thread call them.
struct TLSLibrary: @unchecked Sendable {
  typealias Pointer = UnsafeMutableRawPointer
  typealias ChooseProtocol =
    @convention(c) (
      _ connection: Pointer?, _ chosen: UnsafeMutablePointer<UnsafePointer<UInt8>?>?,
      _ chosenCount: UnsafeMutablePointer<UInt8>?, _ offered: UnsafePointer<UInt8>?, _ offeredCount: UInt32,
      _ context: Pointer?
    ) -> Int32

  /// Nil if libcurl uses another library for TLS.
  static let loaded = try? TLSLibrary()

  let serverMethod: @convention(c) () -> Pointer?
  let newContext: @convention(c) (Pointer?) -> Pointer?
  let freeContext: @convention(c) (Pointer?) -> Void
  let useCertificate: @convention(c) (Pointer, UnsafePointer<CChar>) -> Int32
  /// The last parameter is 1 for a PEM file.
  let useKey: @convention(c) (Pointer, UnsafePointer<CChar>, Int32) -> Int32
  /// What clients' certificates are issued by: a PEM file.
  let useAuthority: @convention(c) (Pointer, UnsafePointer<CChar>, UnsafePointer<CChar>?) -> Int32
  /// The second parameter is 3 for a certificate that clients must show.
  let setVerification: @convention(c) (Pointer, Int32, Pointer?) -> Void
  let setProtocolChoice: @convention(c) (Pointer, ChooseProtocol, Pointer?) -> Void
  let new: @convention(c) (Pointer) -> Pointer?
  let free: @convention(c) (Pointer?) -> Void
  let memoryMethod: @convention(c) () -> Pointer?
  let newMemory: @convention(c) (Pointer?) -> Pointer?
  let setMemory: @convention(c) (Pointer, Pointer?, Pointer?) -> Void
  let readMemory: @convention(c) (Pointer, Pointer?, Int32) -> Int32
  let writeMemory: @convention(c) (Pointer, UnsafeRawPointer?, Int32) -> Int32
  let beServer: @convention(c) (Pointer) -> Void
  let handshake: @convention(c) (Pointer) -> Int32
  let read: @convention(c) (Pointer, Pointer?, Int32) -> Int32
  let write: @convention(c) (Pointer, UnsafeRawPointer?, Int32) -> Int32
  let shutdown: @convention(c) (Pointer) -> Int32
  let chosenProtocol:
    @convention(c) (Pointer, UnsafeMutablePointer<UnsafePointer<UInt8>?>, UnsafeMutablePointer<UInt32>) ->
      Void

  private init() throws {
    serverMethod = try Self.symbol("TLS_server_method")
    newContext = try Self.symbol("SSL_CTX_new")
    freeContext = try Self.symbol("SSL_CTX_free")
    useCertificate = try Self.symbol("SSL_CTX_use_certificate_chain_file")
    useKey = try Self.symbol("SSL_CTX_use_PrivateKey_file")
    useAuthority = try Self.symbol("SSL_CTX_load_verify_locations")
    setVerification = try Self.symbol("SSL_CTX_set_verify")
    setProtocolChoice = try Self.symbol("SSL_CTX_set_alpn_select_cb")
    new = try Self.symbol("SSL_new")
    free = try Self.symbol("SSL_free")
    memoryMethod = try Self.symbol("BIO_s_mem")
    newMemory = try Self.symbol("BIO_new")
    setMemory = try Self.symbol("SSL_set_bio")
    readMemory = try Self.symbol("BIO_read")
    writeMemory = try Self.symbol("BIO_write")
    beServer = try Self.symbol("SSL_set_accept_state")
    handshake = try Self.symbol("SSL_do_handshake")
    read = try Self.symbol("SSL_read")
    write = try Self.symbol("SSL_write")
    shutdown = try Self.symbol("SSL_shutdown")
    chosenProtocol = try Self.symbol("SSL_get0_alpn_selected")
  }

  /// A function by its name. Each has the type of OpenSSL's documentation, which has been the same since 1.1.0.
  private static func symbol<Function>(_ name: String) throws -> Function {
    guard let address = dlsym(dlopen(nil, RTLD_NOW), name) else { throw SystemCallFailure("dlsym") }
    return unsafeBitCast(address, to: Function.self)
  }
}
