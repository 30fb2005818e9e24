import PlystraCore
import Testing

@testable import PlystraCurlTransport

@Suite("CurlTransport: what a loop knows of hosts and transfers")
struct HostTests {
  private func origin(_ url: String) throws -> RequestOrigin {
    RequestOrigin(url: url, length: try curlRequest("GET", url).check())
  }

  // MARK: The waiting line

  @Test("Waiting elements leave in the order in which they came")
  func order() {
    var line = WaitingLine<Int>()
    for number in 0..<200 { _ = line.append(number) }
    var left: [Int] = []
    while let next = line.removeFirst() { left.append(next) }
    #expect(left == Array(0..<200))
  }

  @Test("Elements that leave early take up no room for long")
  func withdrawn() {
    var line = WaitingLine<Int>()
    let first = line.append(-1)
    for number in 0..<10_000 { line.remove(ticket: line.append(number)) }
    #expect(line.count == 1)
    #expect(line.placeCount < 128)
    line.remove(ticket: first)
    #expect(line.count == 0 && line.placeCount == 0)
    line.remove(ticket: first)
    #expect(line.count == 0)
  }

  @Test("Any mixture of appending, leaving early and being called gives what a plain list gives")
  func mixtures() {
    var generator = SystemRandomNumberGenerator()
    var line = WaitingLine<Int>()
    var list: [(ticket: Int, number: Int)] = []
    for number in 0..<20_000 {
      switch Int.random(in: 0..<4, using: &generator) {
      case 0, 1: list.append((line.append(number), number))
      case 2:
        guard let index = list.indices.randomElement(using: &generator) else { continue }
        line.remove(ticket: list.remove(at: index).ticket)
      default:
        let next = line.removeFirst()
        #expect(next == (list.isEmpty ? nil : list.removeFirst().number))
      }
      #expect(line.count == list.count)
    }
  }

  // MARK: Hosts

  @Test("Every spelling of an origin is the same host, and every other origin another one")
  func spellings() throws {
    var hosts = HostTable()
    let plain = hosts.slot(for: try origin("http://h/a"))
    #expect(hosts.slot(for: try origin("HTTP://H:80/b")) == plain)
    #expect(hosts.slot(for: try origin("http://h?q")) == plain)
    let secure = hosts.slot(for: try origin("https://h"))
    #expect(hosts.slot(for: try origin("https://h:443/")) == secure)
    let others = try ["http://h:443", "https://h:80", "http://h:8080", "http://hh", "http://[::80]"]
      .map { hosts.slot(for: try origin($0)) }
    #expect(Set(others + [plain, secure]).count == 7)
    #expect(hosts[plain].origin == "http://h")
  }

  @Test("Idle hosts beyond the number to remember are forgotten, the last one used too")
  func eviction() throws {
    var hosts = HostTable(remembered: 2)
    for number in 0..<10 {
      let slot = hosts.slot(for: try origin("http://h\(number)"))
      hosts.forgetIfIdle(slot)
    }
    #expect(hosts.count == 2)
    // The slot of the last one is free, and so is the next host's.
    let next = hosts.slot(for: try origin("http://next"))
    #expect(hosts[next].origin == "http://next")
    let again = hosts.slot(for: try origin("http://h9"))
    #expect(again != next && hosts[again].origin == "http://h9")
  }

  @Test("A host with a waiting transfer is not forgotten")
  func waitingHost() throws {
    var hosts = HostTable(remembered: 0)
    let slot = hosts.slot(for: try origin("http://h"))
    let ticket = hosts[slot].enqueue(slot: 7)
    hosts.forgetIfIdle(slot)
    #expect(hosts.count == 1)
    hosts[slot].withdraw(ticket: ticket)
    hosts.forgetIfIdle(slot)
    #expect(hosts.count == 0)
  }

  @Test("A host starts transfers while fewer are under way than may be")
  func limits() {
    var host = Host(origin: "https://h", generation: 0)
    for slot in 0..<10 { _ = host.enqueue(slot: slot) }
    while host.canStart(limit: 3), host.dequeue() != nil { host.didStart(at: .now()) }
    #expect(host.runningCount == 3 && host.waitingCount == 7)
    host.didEnd()
    #expect(host.canStart(limit: 3))
    #expect(!host.canStart(limit: 2))
  }

  @Test("Shared connections are old once their time is over since the first transfer of their generation")
  func age() {
    var host = Host(origin: "https://h", generation: 0)
    let start = MonotonicTime.now()
    func isOld(after seconds: Int) -> Bool {
      host.hasOldConnections(at: start.advanced(bySeconds: seconds), maximumSeconds: 300)
    }
    host.didStart(at: start)
    #expect(!isOld(after: 301))
    host.didReceive(overHTTP2: true)
    #expect(!isOld(after: 299) && isOld(after: 300))
    #expect(!host.hasOldConnections(at: start.advanced(bySeconds: 301), maximumSeconds: nil))
    host.begin(generation: 1)
    #expect(!isOld(after: 301))
    host.didStart(at: start.advanced(bySeconds: 301))
    #expect(!isOld(after: 600) && isOld(after: 601))
  }

  // MARK: Deadlines and slots

  @Test("Deadlines come due in order, whatever left before")
  func deadlines() {
    var generator = SystemRandomNumberGenerator()
    var heap = DeadlineHeap()
    let start = MonotonicTime.now()
    var deadlines: [Int: Int] = [:]
    for slot in 0..<2_000 {
      deadlines[slot] = Int.random(in: 0..<500, using: &generator)
      heap.insert(slot: slot, deadline: start.advanced(bySeconds: deadlines[slot] ?? 0))
    }
    for slot in 0..<2_000 where slot % 3 == 0 {
      heap.remove(slot: slot)
      heap.remove(slot: slot)
      deadlines[slot] = nil
    }
    for second in 0..<500 {
      let now = start.advanced(bySeconds: second)
      var due: Set<Int> = []
      while let slot = heap.first(dueAt: now) {
        due.insert(slot)
        heap.remove(slot: slot)
      }
      #expect(due == Set(deadlines.filter { $0.value == second }.keys))
    }
    #expect(heap.earliest == nil)
  }

  @Test("A transfer without a deadline never comes due")
  func noDeadline() {
    var heap = DeadlineHeap()
    heap.insert(slot: 0, deadline: .distantFuture)
    #expect(heap.earliest == nil)
    heap.remove(slot: 0)
  }

  @Test("Slots are free again once their element was removed, and only then")
  func slots() {
    var table = SlotTable<String>()
    let slots = ["a", "b"].map { table.insert($0) }
    #expect(slots == [0, 1])
    let removed = [0, 0, 9].map { table.remove(at: $0) }
    #expect(removed == ["a", nil, nil])
    #expect(table[0] == nil && table[1] == "b" && table[9] == nil)
    let later = ["c", "d"].map { table.insert($0) }
    #expect(later == [0, 2])
    #expect(Set(table.all) == ["b", "c", "d"])
  }

  // MARK: The mailbox

  @Test("Of all who bring something while the loop sleeps, one wakes it")
  func wakeUps() {
    var mailbox = Mailbox()
    var mail = Mailbox.Mail()
    func close(_ id: UInt64) -> Mailbox.Receipt { mailbox.submit(.closeConnection(id)) }
    func collect() -> Bool { !mailbox.collectOrSleep(into: &mail).isEnd }
    var receipts = [close(1)]
    #expect(collect())
    #expect(mail.orders.count == 1)
    mail.removeAll()
    #expect(collect())
    receipts += [close(2), close(3)]
    #expect(mailbox.wakers == 1)
    mailbox.wakeUpDone()
    let orders = mailbox.takeOrders()
    #expect(orders.count == 2)
    let mustWake = mailbox.close()
    #expect(!mustWake)
    receipts.append(close(4))
    #expect(receipts == [.accepted, .acceptedMustWake, .accepted, .refused])
    #expect(!collect())
  }
}
