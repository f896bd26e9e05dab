import ArgumentParser
import ControlProtocol
import TestSupport
import Testing
import Vocabulary

@testable import wstop

@Suite("Upstreams as text")
struct UpstreamTextTests {
  private var rows: [UpstreamRow] {
    var up = UpstreamRow(route: "/app/*", name: "ws://10.0.0.1:9000", state: .up)
    (up.sessions, up.opening, up.opened) = (1200, 2, 9000)
    (up.messagesIn, up.messagesOut, up.bytesIn, up.bytesOut) = (7, 8, 90, 100)
    var rates = GroupRow.Rates()
    (rates.messagesIn, rates.messagesOut, rates.bytesIn, rates.bytesOut) = (12.5, 0, 2048, 0)
    up.rates = rates
    (up.connectMilliseconds, up.smoothedConnectMilliseconds) = (2.5, 3.25)
    var down = UpstreamRow(route: "/app/*", name: "unix:/run/\u{1B}[2J", state: .down)
    down.retrySeconds = 4
    down.failures.counts = ["refused": 3, "503": 1]
    down.lastFailure = UpstreamRow.Failure(
      reason: "refused", message: "connect: \u{1B}[1m", secondsAgo: 70)
    return [up, down]
  }

  private var table: Table { UpstreamText.table(UpstreamList(engine: "r1", upstreams: rows)) }

  @Test("On a terminal there is a row each, with state, sessions, rates and the last failure")
  func terminal() throws {
    let lines = table.text(as: .terminal(isUTF8: true)).split(separator: "\n")
    #expect(try lines.at(0).hasPrefix("UPSTREAM"))
    let words = try lines.at(1).split(separator: " ").map(String.init)
    #expect(
      words == [
        "ws://10.0.0.1:9000", "/app/*", "up", "1", "200", "12.5", "0", "2.0", "KiB", "0", "2.5ms",
        "0", "–",
      ])
    let second = try lines.at(2)
    #expect(second.hasPrefix("unix:/run/\\u{1b}[2J"))
    #expect(second.contains(" down 4s "))
    #expect(second.hasSuffix("1m10s ago: connect: \\u{1b}[1m"))
  }

  @Test("Programs get every value, by a name each")
  func plain() throws {
    let lines = table.text(as: .plain).split(separator: "\n")
    #expect(
      try lines.at(0).split(separator: "\t", omittingEmptySubsequences: false) == [
        "ws://10.0.0.1:9000", "/app/*", "up", "1200", "2", "9000", "12.5", "0", "2048", "0", "7",
        "8", "90", "100", "2.5", "3.25", "", "", "", "", "",
      ])
    #expect(
      try lines.at(1).split(separator: "\t", omittingEmptySubsequences: false).suffix(5) == [
        "503=1 refused=3", "4", "refused", "70", "connect: \\u{1b}[1m",
      ])
    let names = try #require(table.names)
    #expect(names.count == 21 && Set(names).count == names.count)
    for row in table.rows {
      #expect(row.count(where: { $0.plain != nil }) == names.count)
      #expect(row.count(where: { $0.readable != nil }) == table.columns.count)
    }
  }

  @Test("The footer counts them, and those that are down")
  func footer() {
    let list = UpstreamList(engine: "r1", upstreams: rows)
    #expect(UpstreamText.footer(list) == "2 upstreams, 1 down")
    #expect(UpstreamText.footer(UpstreamList(engine: "r1", upstreams: [rows[0]])) == "1 upstream")
  }

  @Test("A name that no upstream can have is an error of usage")
  func usage() {
    #expect(throws: (any Error).self) {
      try WStop.parseAsRoot(["upstreams", "drain", ""])
    }
    #expect(throws: (any Error).self) { try WStop.parseAsRoot(["upstreams", "drain"]) }
    #expect(throws: (any Error).self) {
      try WStop.parseAsRoot(["upstreams", "--json", "--csv"])
    }
  }
}
