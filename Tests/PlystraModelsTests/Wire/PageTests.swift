import Foundation
import PlystraCore
import PlystraModels
import Testing

@Suite("A page is a collection that knows where it ends")
struct PageTests {
  @Test("its elements, in order")
  func collection() {
    let page = ResultPage(
      items: ["a", "b", "c"], limit: 3, cursor: "next", hasMore: true, requestID: "req_1")
    #expect(page.count == 3 && !page.isEmpty)
    #expect(Array(page) == ["a", "b", "c"])
    #expect(page[1] == "b" && page.first == "a" && page.last == "c")
    #expect(page.indices == 0..<3)
    #expect(page.reversed().map { $0 } == ["c", "b", "a"])
    #expect(
      page == ResultPage(items: ["a", "b", "c"], limit: 3, cursor: "next", hasMore: true, requestID: "req_1"))
    #expect(page != ResultPage(items: ["a", "b", "c"]))
    #expect(Set([page, page]).count == 1)
  }

  @Test("it is stored and read again where its elements are")
  func codable() throws {
    let page = ResultPage(
      items: [Health(status: "ok")], limit: 1, cursor: "c", hasMore: true, requestID: "req_1")
    #expect(try JSONDecoder().decode(ResultPage<Health>.self, from: JSONEncoder().encode(page)) == page)
    let last = ResultPage(items: [Health]())
    #expect(try JSONDecoder().decode(ResultPage<Health>.self, from: JSONEncoder().encode(last)) == last)
  }

  @Test("an empty page says that there is no more")
  func empty() {
    let page = ResultPage<Int>(items: [])
    #expect(page.isEmpty && page.first == nil)
    #expect(page.limit == nil && page.cursor == nil && !page.hasMore && page.requestID == nil)
  }
}
