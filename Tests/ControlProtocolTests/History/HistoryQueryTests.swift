import ControlProtocol
import Testing

@Suite("Questions about the history")
struct HistoryQueryTests {
  @Test(
    "A question comes back from HTTP as it was",
    arguments: [
      HistoryQuery(), HistoryQuery(filter: "code=1009 path~\"a b\"", kinds: [.session], limit: 1),
      HistoryQuery(kinds: [.act, .limit], since: 1e-5, until: 1.764e9, limit: 500),
      HistoryQuery(cursor: HistoryCursor(at: 1_764_000_000.25, number: 17)),
      HistoryQuery(cursor: HistoryCursor(at: 1e-05, number: 0)),
      HistoryQuery(since: -1e22, cursor: HistoryCursor(at: -5, number: .max)),
    ])
  func roundTrip(query: HistoryQuery) throws {
    let http = ControlRequest.history(query).http
    let parts = http.target.split(separator: "?", maxSplits: 1).map(String.init)
    let again = try ControlRequest(
      method: "GET", path: parts[0], query: parts.count > 1 ? parts[1] : nil, body: [])
    #expect(again == .history(query))
  }

  @Test("A page comes back as JSON, and what a newer engine adds is passed over")
  func page() throws {
    var entry = HistoryEntry(number: 3, at: 5, kind: .act, run: "r")
    entry.message = "x"
    let page = HistoryPage(
      engine: "r", store: .disk, entries: [entry], next: HistoryCursor(at: 5, number: 3))
    let json = ControlJSON.encode(page)
    #expect(try ControlJSON.decode(HistoryPage.self, from: json) == page)
    let newer =
      #"{"engine":"r","store":"disk","entries":[{"number":1,"at":1,"kind":"dream","run":"r"}]}"#
    #expect(try ControlJSON.decode(HistoryPage.self, from: newer.utf8).entries.isEmpty)
  }

  @Test("Texts that are no place", arguments: ["", "-", "1", "x-1", "1-x", "1--1", "inf-1", "1-"])
  func noCursor(text: String) {
    #expect(HistoryCursor(text) == nil)
  }
}
