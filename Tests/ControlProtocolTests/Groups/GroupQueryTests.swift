import ControlProtocol
import Testing

@Suite("Queries for rooms and routes")
struct GroupQueryTests {
  private func row(_ name: String, _ sessions: Int, rate: Double? = nil, total: Int = 0) -> GroupRow
  {
    var row = GroupRow(name: name)
    row.sessions = sessions
    row.messagesOut = total
    if let rate {
      row.rates = GroupRow.Rates()
      row.rates?.messagesOut = rate
    }
    return row
  }

  @Test(
    "What is written is read again",
    arguments: [
      GroupQuery(.rooms), GroupQuery(.routes, sort: .name),
      GroupQuery(
        .rooms, name: "a b&ä*", sort: .bytesOut, isDescending: false, offset: 10, limit: 5),
      GroupQuery(.rooms, isDescending: false), GroupQuery(by: .tag),
      GroupQuery(by: .address, filter: "path=\"/a b\" !tls", sort: .backlog, limit: 3),
    ])
  func roundTrip(_ query: GroupQuery) throws {
    let http = ControlRequest.groups(query).http
    let parts = http.target.split(separator: "?", maxSplits: 1).map(String.init)
    let read = try ControlRequest(
      method: http.method.rawValue, path: parts[0], query: parts.count > 1 ? parts[1] : nil,
      body: http.body)
    #expect(read == .groups(query))
    #expect(try ControlJSON.decode(GroupQuery.self, from: ControlJSON.encode(query)) == query)
  }

  @Test("A group's filter matches its sessions and is valid, whatever their texts are")
  func filters() throws {
    for field in SessionGrouping.allCases {
      for name in [
        "", "a b*\"\\", "10.0.3.0/24", "2001:db8::/64", "unix", String(repeating: "x", count: 256),
      ] {
        // No address has blanks or quotes.
        if field == .address, name.contains(" ") { continue }
        let filter = field.filter(ofGroup: name)
        #expect(throws: Never.self, "\(filter)") { try SessionFilter(filter) }
      }
    }
    #expect(SessionGrouping.address.filter(ofGroup: "10.0.3.0/24") == "addr=10.0.3.0/24")
    #expect(SessionGrouping.tag.filter(ofGroup: "") == "!tag=*")
    #expect(SessionGrouping.userAgent.filter(ofGroup: "a*\"b") == #"ua="a\*\"b""#)
    let long = SessionGrouping.userAgent.filter(ofGroup: String(repeating: "x", count: 256))
    #expect(long.hasSuffix("x*"))
  }

  @Test("Groups of sessions want a field that there is, and a filter that is valid")
  func wrongGroups() {
    for query in ["by=colour", "by=ua&filter=nonsense", "by=ua&kind=x"] {
      #expect(throws: ControlRefusal.self) {
        try ControlRequest(method: "GET", path: "/v1/groups", query: query, body: [])
      }
    }
  }

  @Test(
    "What is wrong in a query is said",
    arguments: [
      "sort=age", "order=up", "limit=-1", "offset=x", "sort=-name&order=asc",
      "name=" + String(repeating: "a", count: 257),
    ])
  func faults(_ query: String) {
    let refusal = #expect(throws: ControlRefusal.self) {
      try ControlRequest(method: "GET", path: "/v1/rooms", query: query, body: [])
    }
    #expect(refusal?.status == 400 && refusal?.error.error.code == "invalid-query")
    #expect(throws: ControlRefusal.self) {
      try ControlRequest(method: "POST", path: "/v1/rooms", query: nil, body: [])
    }
  }

  @Test("Rows are sorted by rates, then by totals, then by names; names are found in any case")
  func arranged() {
    let rows = [
      row("b", 2, rate: 1, total: 5), row("a", 2, rate: 1, total: 9), row("C", 7),
      row("d", 1, rate: 8),
    ]
    func names(_ query: GroupQuery, _ rows: [GroupRow]) -> [String] {
      query.admitted(rows).sorted(by: query.precedes).map(\.name)
    }
    #expect(names(GroupQuery(.rooms), rows) == ["C", "a", "b", "d"])
    #expect(names(GroupQuery(.rooms, sort: .messagesOut), rows) == ["d", "a", "b", "C"])
    #expect(names(GroupQuery(.rooms, sort: .name), rows) == ["C", "a", "b", "d"])
    #expect(names(GroupQuery(.rooms, name: "c"), rows) == ["C"])
    let rooms = ["room-1-x", "room-2", "other"].map { row($0, 1) }
    #expect(names(GroupQuery(.rooms, name: "ROOM*x"), rooms) == ["room-1-x"])
  }

  @Test("Rates are differences, and never negative")
  func rates() {
    var row = row("a", 1, total: 30)
    row.setRates(since: self.row("a", 1, total: 10), seconds: 2)
    #expect(row.rates?.messagesOut == 10)
    row.setRates(since: self.row("a", 1, total: 100), seconds: 2)
    #expect(row.rates?.messagesOut == 0)
    row.rates = nil
    row.setRates(since: row, seconds: 0)
    #expect(row.rates == nil)
  }
}
