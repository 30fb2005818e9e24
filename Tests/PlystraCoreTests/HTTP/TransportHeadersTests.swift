import PlystraCore
import Testing

@Suite("Header fields")
struct TransportHeadersTests {
  @Test("names match without regard to ASCII case, and only that")
  func names() {
    let headers: TransportHeaders = ["X-Request-ID": "1"]
    #expect(headers["x-request-id"] == "1")
    #expect(headers["X-REQUEST-ID"] == "1")
    #expect(headers["X-Request-I"] == nil)
    #expect(headers["X_Request_ID"] == nil)
    let odd: TransportHeaders = ["K": "1", "é": "2", "@": "3", "[": "4"]
    #expect(odd["\u{212A}"] == nil)  // The Kelvin sign, whose lower case is k.
    #expect(odd["É"] == nil)
    #expect(odd["`"] == nil)
    #expect(odd["{"] == nil)
    #expect(odd["k"] == "1")
  }

  @Test("duplicates are kept in order")
  func duplicates() {
    var headers: TransportHeaders = ["A": "1", "B": "2", "a": "3"]
    headers.add("A", "4")
    #expect(headers["a"] == "1")
    #expect(headers.values(of: "A") == ["1", "3", "4"])
    #expect(headers.values(of: "C") == [])
    #expect(headers.map(\.name) == ["A", "B", "a", "A"])
    #expect(headers.count == 4)
  }

  @Test("setting replaces all of a name where the first stood; nil removes them")
  func setting() {
    var headers: TransportHeaders = ["A": "1", "B": "2", "a": "3", "C": "4"]
    headers["a"] = "5"
    #expect(headers == ["A": "5", "B": "2", "C": "4"])
    headers["D"] = "6"
    #expect(headers.map(\.name) == ["A", "B", "C", "D"])
    headers["b"] = nil
    #expect(headers["B"] == nil)
    headers.remove("none")
    headers["none"] = nil
    #expect(headers.count == 3)
    headers["c"] = ""
    #expect(headers["C"] == "")
  }

  @Test("equal when names match and values are equal, in the same order")
  func equality() {
    let headers: TransportHeaders = ["A": "x", "B": "y"]
    #expect(headers == ["a": "x", "b": "y"])
    #expect(headers.hashValue == (["a": "x", "b": "y"] as TransportHeaders).hashValue)
    #expect(headers != ["B": "y", "A": "x"])
    #expect(headers != ["A": "X", "B": "y"])
    #expect(headers != ["A": "x"])
    #expect(TransportHeaders([(name: "A", value: "x"), (name: "B", value: "y")]) == headers)
  }

  @Test(
    "values of credentials are not printed",
    arguments: [
      "Authorization", "AUTHORIZATION", "x-plystra-api-key", "Proxy-Authorization", "cookie", "Set-Cookie",
      "X-Auth-Token", "X-Amz-Security-Token", "X-Api-Key", "apikey", "X-Client-Secret", "X-Session-Id",
      "X-Password", "X-Signature",
    ])
  func credentials(name: String) {
    let headers: TransportHeaders = [name: "hidden", "X-Tenant": "shown"]
    #expect(!leaks(headers, "hidden"))
    #expect(leaks(headers, "shown"))
    #expect(headers.description == "[\(name): ***, X-Tenant: shown]")
    #expect(headers.first?.description == "\(name): ***")
    #expect(!leaks(headers as Any? as Any, "hidden"))
  }
}
