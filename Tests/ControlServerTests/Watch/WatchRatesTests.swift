import ControlProtocol
import TestSupport
import Testing
import Vocabulary
import WebSocketEngine

@testable import ControlServer

@Suite("Rates, rooms and places in watches and lists", .limited, .timeLimit(.minutes(10)))
struct WatchRatesTests {
  @Test("A watch that shows sessions has their rates after the first seconds, and sorts by them")
  func rates() async throws {
    try await TestEngine.run { engine in
      let sessions = try engine.sessions(3)
      var query = SessionQuery(sort: .messageRateIn)
      query.wantsRates = true
      let watch = try WebSocketPeer(
        watching: engine.path, WatchRequest(sessions: query, intervalMilliseconds: 50))
      let first = try watch.snapshot()
      #expect(first.sessions?.hasRates == false)
      #expect(first.sessions?.sessions.allSatisfy { $0.rates == nil } == true)
      // One session is busy for as long as it takes to be seen.
      let busy = sessions[1]
      let seen = try watch.snapshot { snapshot in
        try? busy.peer.send("x")
        guard let row = snapshot.sessions?.sessions.first, snapshot.sessions?.hasRates == true
        else {
          return false
        }
        return row.id == busy.id && (row.rates?.messagesIn ?? 0) > 0
      }
      #expect(seen.sessions?.sessions.dropFirst().allSatisfy { $0.rates?.messagesIn == 0 } == true)
      // Who does not ask for them is not told, but they are measured on.
      try watch.look(at: WatchRequest(sessions: SessionQuery(), intervalMilliseconds: 50))
      let plain = try watch.snapshot { $0.sessions?.hasRates == nil }
      #expect(plain.sessions?.sessions.allSatisfy { $0.rates == nil } == true)
      let client = try engine.client()
      let list = try client.get("/v1/sessions?rates=true").decode(SessionList.self)
      #expect(list.hasRates == true && list.sessions.allSatisfy { $0.rates != nil })
    }
  }

  @Test("A list has rates a second or two after it was first asked for them")
  func listed() async throws {
    try await TestEngine.run { engine in
      _ = try engine.sessions(1)
      let client = try engine.client()
      let list = try client.get("/v1/sessions?sort=-out.bytes/s").decode(SessionList.self)
      #expect(list.hasRates == false)
      #expect(
        try waitFor {
          let list = try client.get("/v1/sessions?filter=in.bytes/s%3C1KiB").decode(
            SessionList.self)
          return list.hasRates == true && list.total == 1 ? true : nil
        } == true)
      let refused = try client.get("/v1/sessions?rates=perhaps")
      #expect(refused.status == 400)
      #expect(try refused.decode(ControlError.self).error.message == "rates is true or false")
    }
  }

  @Test("An act by a filter of rates waits until they are known, and so hits nobody by mistake")
  func acts() async throws {
    try await TestEngine.run { engine in
      _ = try engine.sessions(2)
      let client = try engine.client()
      // Before anything is measured the negated term would hold for everybody.
      let body = #"{"filter":"!in.messages/s>100","dryRun":true}"#
      let refused = try client.post("/v1/close", body)
      #expect(refused.status == 503)
      #expect(try refused.decode(ControlError.self).error.code == "rates-unknown")
      #expect(try waitFor { try client.post("/v1/close", body).status == 200 ? true : nil } == true)
    }
  }

  @Test("Rooms are told of the sessions in the window, and of the first four by name")
  func rooms() async throws {
    try await TestEngine.run { engine in
      let lobby = try engine.sessions(1, "/ws/room/lobby")
      let plain = try engine.sessions(1)
      let client = try engine.client()
      let list = try client.get("/v1/sessions?rooms=true").decode(SessionList.self)
      let inRoom = list.sessions.first { $0.id == lobby[0].id }
      #expect(inRoom?.rooms == ["lobby"] && inRoom?.roomCount == 1)
      #expect(list.sessions.first { $0.id == plain[0].id }?.roomCount == 0)
      var query = SessionQuery(sort: .rooms)
      query.wantsRooms = true
      let watch = try WebSocketPeer(
        watching: engine.path, WatchRequest(sessions: query, intervalMilliseconds: 50))
      let sorted = try watch.snapshot { $0.sessions?.sessions.first?.roomCount == 1 }
      #expect(sorted.sessions?.sessions.first?.id == lobby[0].id)
      let many = try client.get("/v1/sessions?filter=rooms%3E0").decode(SessionList.self)
      #expect(many.sessions.map(\.id) == [lobby[0].id])
    }
  }

  @Test("A session's place is told while the window stays; a session that is gone has none")
  func places() async throws {
    try await TestEngine.run { engine in
      let sessions = try engine.sessions(6)
      let watch = try WebSocketPeer(
        watching: engine.path,
        WatchRequest(
          sessions: SessionQuery(limit: 2), locate: sessions[4].id, intervalMilliseconds: 50))
      let first = try watch.snapshot()
      let order = sessions.map(\.id).sorted()
      #expect(first.sessions?.place == order.firstIndex(of: sessions[4].id))
      #expect(first.sessions?.offset == 0 && first.sessions?.sessions.count == 2)
      try sessions[4].peer.close(.normalClosure)
      let gone = try watch.snapshot { $0.sessions?.total == 5 }
      #expect(gone.sessions?.place == nil)
    }
  }
}
