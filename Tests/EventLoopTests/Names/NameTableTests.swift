import Glibc
import TestSupport
import Testing
import Vocabulary

@testable import EventLoop

@Suite("Table of names")
struct NameTableTests {
  private let name = SocketAddress.internet(host: "backend.test", port: 80)
  private let start = Instant(nanoseconds: 1_000_000_000_000)

  private func table(names: Int = 4, waiting: Int = 4) -> NameTable {
    NameTable(maximumNameCount: names, maximumWaitingCount: waiting)
  }

  private func addresses(_ hosts: String...) throws -> [ResolvedAddress] {
    try hosts.flatMap { try ResolvedAddress.all(host: $0, port: 80) }
  }

  /// The addresses that a table has at once, or the error.
  private func known(
    _ table: inout NameTable, _ name: SocketAddress? = nil, after: Duration = .zero
  ) -> Result<ResolvedName, ResolutionError>? {
    let found = table.find(name ?? self.name, at: start.advanced(by: after)) { _ in }
    guard case .known(let result) = found else { return nil }
    return result
  }

  @Test("A new name waits for its lookup, whose result then holds for all requests")
  func first() throws {
    var table = table()
    #expect(table.next(at: start) == .wait(until: nil))
    #expect(known(&table) == nil && known(&table) == nil)
    #expect(table.waitingCount == 2)
    #expect(table.next(at: start) == .lookUp(name))
    #expect(table.isLookingUp)
    let (result, waiting) = table.finish(
      name, .success(try addresses("::1", "127.0.0.1")), at: start)
    #expect(waiting.count == 2 && table.waitingCount == 0)
    #expect(try result.get().addresses.map(\.numeric.address) == ["::1", "127.0.0.1"])
    let again = try #require(known(&table)).get()
    #expect(again.addresses.map(\.numeric.address) == ["::1", "127.0.0.1"])
    #expect(again.error == nil && again.foundAt == start)
  }

  @Test("Addresses are looked up again every 30 s, while somebody asks for the name in ten minutes")
  func refresh() throws {
    var table = table()
    _ = known(&table)
    _ = table.next(at: start)
    _ = table.finish(name, .success(try addresses("127.0.0.1")), at: start)
    var now = start
    for _ in 0..<3 {
      let due = now.advanced(by: .seconds(30))
      #expect(table.next(at: now) == .wait(until: due))
      #expect(table.next(at: due.advanced(by: .nanoseconds(-1))) == .wait(until: due))
      #expect(table.next(at: due) == .lookUp(name))
      _ = table.finish(name, .success(try addresses("127.0.0.2")), at: due)
      now = due
    }
    #expect(try known(&table, after: .seconds(90))?.get().addresses.count == 1)
    let idle = start.advanced(by: .seconds(90 + 600))
    #expect(table.next(at: idle) == .wait(until: nil) && table.nameCount == 0)
  }

  @Test("A failed lookup keeps the old addresses, tells its error and is repeated after 5 s")
  func failure() throws {
    var table = table()
    _ = known(&table)
    _ = table.next(at: start)
    _ = table.finish(name, .success(try addresses("127.0.0.1")), at: start)
    let due = start.advanced(by: .seconds(30))
    #expect(table.next(at: due) == .lookUp(name))
    let error = SystemError(call: "getaddrinfo", number: EAI_AGAIN, subject: "backend.test:80")
    _ = table.finish(name, .failure(error), at: due)
    let kept = try #require(known(&table, after: .seconds(31))).get()
    #expect(kept.addresses.map(\.numeric.address) == ["127.0.0.1"])
    #expect(kept.error == error && kept.foundAt == start)
    let retry = due.advanced(by: .seconds(5))
    #expect(table.next(at: due) == .wait(until: retry))
    #expect(table.next(at: retry) == .lookUp(name))
    _ = table.finish(name, .success(try addresses("127.0.0.2")), at: retry)
    let new = try #require(known(&table, after: .seconds(36))).get()
    #expect(new.error == nil && new.addresses.map(\.numeric.address) == ["127.0.0.2"])
  }

  @Test("While a lookup takes long the old addresses are handed out, and told to be old after 10 s")
  func slow() throws {
    var table = table()
    _ = known(&table)
    _ = table.next(at: start)
    _ = table.finish(name, .success(try addresses("127.0.0.1")), at: start)
    #expect(table.next(at: start.advanced(by: .seconds(30))) == .lookUp(name))
    let soon = try #require(known(&table, after: .seconds(39))).get()
    #expect(soon.error == nil && soon.addresses.count == 1)
    let late = try #require(known(&table, after: .seconds(40))).get()
    #expect(late.error?.number == ETIMEDOUT && late.addresses.count == 1)
    #expect(late.error?.description.contains("backend.test:80") == true)
  }

  @Test("A name that was not found is refused for a second, and then looked up again")
  func notFound() throws {
    var table = table()
    _ = known(&table)
    _ = table.next(at: start)
    let error = SystemError(call: "getaddrinfo", number: EAI_NONAME, subject: "backend.test:80")
    let (result, waiting) = table.finish(name, .failure(error), at: start)
    #expect(waiting.count == 1)
    #expect(throws: ResolutionError.notFound(error)) { try result.get() }
    #expect(table.next(at: start) == .wait(until: nil), "nobody asks for it any more")
    let refused = try #require(known(&table, after: .milliseconds(999)))
    #expect(throws: ResolutionError.notFound(error)) { try refused.get() }
    #expect(known(&table, after: .seconds(1)) == nil)
    #expect(table.next(at: start.advanced(by: .seconds(1))) == .lookUp(name))
  }

  @Test("A name that somebody waits for is looked up before one whose addresses grew old")
  func order() throws {
    var table = table()
    _ = known(&table)
    _ = table.next(at: start)
    _ = table.finish(name, .success(try addresses("127.0.0.1")), at: start)
    let other = SocketAddress.internet(host: "other.test", port: 80)
    #expect(known(&table, other, after: .seconds(60)) == nil)
    #expect(table.next(at: start.advanced(by: .seconds(60))) == .lookUp(other))
  }

  @Test("Names are bounded: a further one takes the place of one that was not asked for in 30 s")
  func nameBound() throws {
    var table = table(names: 2)
    let names = (0..<3).map { SocketAddress.internet(host: "n\($0).test", port: 80) }
    for (index, name) in names.prefix(2).enumerated() {
      #expect(known(&table, name, after: .seconds(index)) == nil)
      _ = table.next(at: start)
      _ = table.finish(name, .success(try addresses("127.0.0.1")), at: start)
    }
    let refused = try #require(known(&table, names[2], after: .seconds(29)))
    #expect(throws: ResolutionError.tooManyNames(maximum: 2)) { try refused.get() }
    #expect(known(&table, names[2], after: .seconds(30)) == nil)
    #expect(table.nameCount == 2)
    #expect(try known(&table, names[1], after: .seconds(30))?.get().addresses.count == 1)
  }

  @Test("Requests that wait are bounded, over all names")
  func waitingBound() throws {
    var table = table(waiting: 2)
    let other = SocketAddress.internet(host: "other.test", port: 80)
    #expect(known(&table) == nil && known(&table, other) == nil)
    let refused = try #require(known(&table))
    #expect(throws: ResolutionError.tooManyWaiting(maximum: 2)) { try refused.get() }
    #expect(table.removeAll().count == 2 && table.waitingCount == 0)
    #expect(known(&table) == nil)
  }

  @Test("Of a name with very many addresses the first 64 are kept")
  func addressBound() throws {
    var table = table()
    _ = known(&table)
    _ = table.next(at: start)
    let many = try (0..<200).flatMap { try ResolvedAddress.all(host: "127.0.1.\($0)", port: 80) }
    let (result, _) = table.finish(name, .success(many), at: start)
    let kept = try result.get().addresses.map(\.numeric.address)
    #expect(kept == (0..<64).map { "127.0.1.\($0)" })
  }
}
