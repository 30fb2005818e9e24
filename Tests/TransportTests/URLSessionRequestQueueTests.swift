import PlystraCore
import TestSupport
import Testing

@testable import PlystraURLSessionTransport

/// The queue in front of URLSession, without one.
struct URLSessionRequestQueueTests {
  @Test func admitsInOrder() throws {
    let queue = RequestQueue<String>(limit: 2)
    let entries = try "abcde".map { try #require(queue.enter(String($0), host: "h")) }
    #expect(entries.map(\.isAdmitted) == [true, true, false, false, false])
    #expect(queue.leave(entries[1].place) == "c")
    #expect(queue.leave(entries[0].place) == "d")
    #expect(queue.leave(entries[2].place) == "e")
    #expect(queue.leave(entries[3].place) == nil)
    #expect(queue.leave(entries[4].place) == nil)
  }

  @Test func passesOverThoseWhoLeftWhileWaiting() throws {
    let queue = RequestQueue<String>(limit: 1)
    let entries = try "abcd".map { try #require(queue.enter(String($0), host: "h")) }
    #expect(queue.leave(entries[1].place) == nil)
    #expect(queue.leave(entries[2].place) == nil)
    #expect(queue.leave(entries[0].place) == "d")
  }

  @Test func admitsAgainAfterBeingFullAndEmpty() throws {
    let queue = RequestQueue<Int>(limit: 1)
    for round in 0..<3 {
      let first = try #require(queue.enter(round, host: "h"))
      let second = try #require(queue.enter(round + 100, host: "h"))
      #expect(first.isAdmitted)
      #expect(!second.isAdmitted)
      #expect(queue.leave(first.place) == round + 100)
      let third = try #require(queue.enter(round + 200, host: "h"))
      #expect(!third.isAdmitted)
      #expect(queue.leave(second.place) == round + 200)
      #expect(queue.leave(third.place) == nil)
    }
  }

  @Test func keepsHostsApart() throws {
    let queue = RequestQueue<String>(limit: 1)
    let first = try #require(queue.enter("a", host: "one"))
    let second = try #require(queue.enter("b", host: "two"))
    #expect(first.isAdmitted && second.isAdmitted)
    let third = try #require(queue.enter("c", host: "two"))
    #expect(queue.leave(first.place) == nil)
    #expect(queue.leave(second.place) == "c")
    #expect(queue.leave(third.place) == nil)
  }

  @Test func closes() throws {
    let queue = RequestQueue<String>(limit: 1)
    let entries = try "ab".map { try #require(queue.enter(String($0), host: "h")) }
    #expect(Set(queue.close()) == ["a", "b"])
    #expect(queue.enter("c", host: "h") == nil)
    #expect(queue.leave(entries[0].place) == nil)
    #expect(queue.leave(entries[1].place) == nil)
    #expect(queue.close().isEmpty)
  }
}
