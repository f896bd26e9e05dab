import ControlProtocol
import EventLoop
import Testing
import Vocabulary

@testable import ControlServer
@testable import WebSocketEngine

@Suite("Rates of sessions")
struct RateMeterTests {
  private let start = Instant(nanoseconds: 1_000_000_000_000)

  private func instant(_ seconds: Double) -> Instant {
    start.advanced(by: .milliseconds(Int(seconds * 1000)))
  }

  @Test("They are differences over the time that passed, also of a session of this second")
  func differences() throws {
    var engine = try SyntheticEngine(reactorCount: 1)
    let meter = RateMeter()
    let handles = engine.server.reactors
    let old = try engine.open(messagesIn: 1000)
    meter.want(handles, at: instant(0))
    let record = try #require(engine.observer.session(old)?.profile.record)
    #expect(!meter.isWarm)
    #expect(meter.rates(of: old, reactor: 0, record: record) == nil)
    engine.publish(old) { delta in
      delta.messagesIn = 30
      delta.messagesOut = 6
      delta.bytesIn = 3000
      delta.bytesOut = 600
    }
    let new = try engine.open(messagesIn: 8)
    let newRecord = try #require(engine.observer.session(new)?.profile.record)
    meter.tick(handles, at: instant(2))
    let rates = try #require(meter.rates(of: old, reactor: 0, record: record))
    #expect(rates.messagesIn == 15 && rates.messagesOut == 3)
    #expect(rates.bytesIn == 1500 && rates.bytesOut == 300)
    #expect(meter.rates(of: new, reactor: 0, record: newRecord)?.messagesIn == 4)
    meter.tick(handles, at: instant(3))
    #expect(meter.rates(of: old, reactor: 0, record: record) == SessionRates())
  }

  @Test("A record's new owner does not inherit the rates of the one before")
  func newOwner() throws {
    var engine = try SyntheticEngine(reactorCount: 1)
    let meter = RateMeter()
    let handles = engine.server.reactors
    let old = try engine.open(messagesIn: 100)
    let record = try #require(engine.observer.session(old)?.profile.record)
    meter.want(handles, at: instant(0))
    engine.publish(old) { $0.messagesIn = 50 }
    meter.tick(handles, at: instant(1))
    engine.close(old)
    let new = try engine.open(messagesIn: 7)
    #expect(engine.observer.session(new)?.profile.record == record)
    #expect(meter.rates(of: new, reactor: 0, record: record) == nil)
    meter.tick(handles, at: instant(2))
    #expect(meter.rates(of: new, reactor: 0, record: record)?.messagesIn == 7)
    #expect(meter.rates(of: old, reactor: 0, record: record) == nil)
  }

  @Test("A tick right after the last says nothing new; one after a pause divides by the pause")
  func spans() throws {
    var engine = try SyntheticEngine(reactorCount: 1)
    let meter = RateMeter()
    let handles = engine.server.reactors
    let id = try engine.open()
    let record = try #require(engine.observer.session(id)?.profile.record)
    meter.want(handles, at: instant(0))
    meter.tick(handles, at: instant(0.1))
    #expect(!meter.isWarm)
    engine.publish(id) { $0.messagesIn = 40 }
    meter.tick(handles, at: instant(4))
    #expect(meter.rates(of: id, reactor: 0, record: record)?.messagesIn == 10)
  }

  @Test("Nothing is walked or kept unless somebody looks, and no longer than that")
  func forgets() throws {
    var engine = try SyntheticEngine()
    let meter = RateMeter()
    let handles = engine.server.reactors
    for _ in 0..<1000 { try engine.open() }
    meter.tick(handles, at: instant(0))
    #expect(!meter.isMeasuring && meter.byteCount == 0)
    meter.want(handles, at: instant(1))
    meter.tick(handles, at: instant(2))
    #expect(meter.isMeasuring && meter.isWarm)
    #expect(meter.byteCount <= 1000 * 64)
    meter.want(handles, at: instant(5))
    meter.tick(handles, at: instant(14))
    #expect(meter.isMeasuring)
    meter.tick(handles, at: instant(16))
    #expect(!meter.isMeasuring && !meter.isWarm && meter.byteCount == 0)
  }

  @Test("What was sent by a question tells its rates, sorts by them and filters by them")
  func questions() throws {
    var engine = try SyntheticEngine()
    let ids = try (0..<4).map { _ in try engine.open() }
    var query = SessionQuery(sort: .messageRateIn)
    let cold = engine.observer.window(query, SessionFilter()).list(run: "x")
    #expect(cold.hasRates == false)
    #expect(cold.sessions.allSatisfy { $0.rates == nil })
    for (index, id) in ids.enumerated() {
      engine.publish(id) { delta in
        // Enough for more than one a second, also if the test stands still before the tick.
        delta.messagesIn = [50, 900, 0, 400][index]
        delta.bytesIn = [5, 9, 100_000, 4][index]
      }
    }
    engine.observer.meter.tick(
      engine.server.reactors, at: SystemClock.monotonic().advanced(by: .seconds(1)))
    let warm = engine.observer.window(query, SessionFilter()).list(run: "x")
    #expect(warm.hasRates == true)
    #expect(warm.sessions.map(\.id) == [ids[1], ids[3], ids[0], ids[2]])
    #expect(warm.sessions.allSatisfy { $0.rates != nil })
    query.isDescending = false
    #expect(
      engine.observer.window(query, SessionFilter()).sessions.map(\.profile.id)
        == [ids[2], ids[0], ids[3], ids[1]])
    #expect(try engine.ids(SessionQuery(sort: .byteRateIn)).first == ids[2])
    #expect(try engine.ids(SessionQuery(), "in.bytes/s>1KiB") == [ids[2]])
    #expect(try engine.ids(SessionQuery(), "in.messages/s>=1") == [ids[0], ids[1], ids[3]])
    let plain = engine.observer.window(SessionQuery(), SessionFilter()).list(run: "x")
    #expect(plain.hasRates == nil && plain.sessions.allSatisfy { $0.rates == nil })
  }

  @Test("The columns beyond the first ones sort too, and tell what they show")
  func columns() throws {
    var engine = try SyntheticEngine()
    let plain = try engine.open(subprotocol: "mqtt")
    let packed = try engine.open(subprotocol: "amqp", flags: [.compressed])
    let secure = try engine.open(flags: [.tls, .compressed])
    engine.publish(plain) { delta in
      delta.wireIn = 10
      delta.wireOut = 30
      delta.backlog = 5
    }
    engine.publish(packed) { delta in
      delta.bytesIn = 300
      delta.wireIn = 100
      delta.wireOut = 20
      delta.backlog = 9
    }
    engine.publish(packed) { $0.backlog = 0 }
    engine.publish(secure) { delta in
      delta.bytesOut = 100
      delta.wireOut = 100
      delta.wireIn = 100
    }
    func first(_ sort: SessionField, _ isDescending: Bool) throws -> SessionID? {
      try engine.ids(SessionQuery(sort: sort, isDescending: isDescending)).first
    }
    #expect(try first(.wireOut, true) == secure)
    #expect(try first(.wireIn, false) == plain)
    #expect(try first(.ratio, true) == packed)
    #expect(try first(.ratio, false) == plain)
    #expect(try first(.backlogPeak, true) == packed)
    #expect(try first(.tls, true) == secure)
    #expect(try first(.subprotocol, true) == plain)
    #expect(try first(.subprotocol, false) == secure)
    #expect(try engine.ids(SessionQuery(), "ratio>2") == [packed])
    #expect(try engine.ids(SessionQuery(), "ratio<=0.5") == [secure])
    #expect(try engine.ids(SessionQuery(), "subprotocol=mqtt") == [plain])
    #expect(try engine.ids(SessionQuery(), "in.wire>=100B") == [packed, secure])
    let rows = engine.observer.window(SessionQuery(), SessionFilter()).list(run: "x").sessions
    #expect(rows.map(\.subprotocol) == ["mqtt", "amqp", nil])
    #expect(rows.map(\.compressionRatio) == [nil, 2.5, 0.5])
  }

  @Test("A session's place is told wherever the window is, and nothing of one that is not there")
  func locating() throws {
    var engine = try SyntheticEngine()
    let ids = try (0..<200).map { try engine.open(messagesIn: $0) }
    func window(_ located: SessionID?, _ filter: String = "") throws -> SessionWindow {
      engine.observer.window(
        SessionQuery(sort: .messagesIn, offset: 10, limit: 20), try SessionFilter(filter),
        locating: located)
    }
    #expect(try window(ids[199]).place == 0)
    #expect(try window(ids[50]).place == 149)
    #expect(try window(ids[50]).offset == 10)
    #expect(try window(nil).place == nil)
    #expect(try window(ids[50], "in.messages>60").place == nil)
    engine.close(ids[50])
    #expect(try window(ids[50]).place == nil)
  }
}
