import ControlProtocol
import Testing

@Suite("Upstreams in JSON")
struct UpstreamRowTests {
  @Test("A row is read as it was written")
  func roundTrip() throws {
    var row = UpstreamRow(route: "/app/*", name: "ws://a:1", state: .down)
    row.retrySeconds = 1.5
    (row.sessions, row.opening, row.opened) = (3, 1, 40)
    (row.messagesIn, row.messagesOut, row.bytesIn, row.bytesOut) = (5, 6, 70, 80)
    row.rates = GroupRow.Rates()
    (row.connectMilliseconds, row.smoothedConnectMilliseconds) = (2.5, 3.25)
    row.failures.counts = ["refused": 2, "503": 1]
    row.lastFailure = UpstreamRow.Failure(reason: "503", message: "busy", secondsAgo: 4)
    let list = UpstreamList(engine: "r1", upstreams: [row])
    #expect(try ControlJSON.decode(UpstreamList.self, from: ControlJSON.encode(list)) == list)
  }

  @Test("Fields that another version does not send are empty, and its states are kept")
  func tolerant() throws {
    let text = #"{"engine":"r1","upstreams":[{"route":"/","name":"a","state":"resting"},7]}"#
    let list = try ControlJSON.decode(UpstreamList.self, from: Array(text.utf8))
    #expect(
      list.upstreams == [
        UpstreamRow(route: "/", name: "a", state: UpstreamRow.State(rawValue: "resting"))
      ])
  }

  @Test("Requests are checked, and come through HTTP as they are")
  func requests() throws {
    let selection = UpstreamSelection(engine: "r1", name: "ws://a:1", route: "/app")
    for request in [
      ControlRequest.upstreams, .drainUpstream(selection), .resumeUpstream(selection),
    ] {
      #expect(try request.checked() == request)
    }
    #expect(ControlRequest.upstreams.role == .view)
    #expect(ControlRequest.drainUpstream(selection).role == .operate)
    for name in ["", String(repeating: "x", count: 2049)] {
      #expect(throws: ControlRefusal.self) {
        try ControlRequest.drainUpstream(UpstreamSelection(name: name)).checked()
      }
    }
    let longest = UpstreamSelection(name: String(repeating: "x", count: 2048))
    #expect(throws: Never.self) { try ControlRequest.resumeUpstream(longest).checked() }
  }
}
