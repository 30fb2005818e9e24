import CLibcurl
import Testing

@Suite("CurlTransport: the library")
struct CurlVersionTests {
  /// The log of a test run then says what was tested.
  @Test("It is libcurl, and its version is printed")
  func version() throws {
    let name = try #require(curl_version().map { String(cString: $0) })
    print(name)
    #expect(name.hasPrefix("libcurl/"))
  }
}
