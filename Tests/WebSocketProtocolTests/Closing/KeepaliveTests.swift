import Testing
import Vocabulary
import WebSocketProtocol

@Suite("Pings, pongs and idle time, RFC 6455 §5.5.2 and §5.5.3")
struct KeepaliveTests {
  private func at(_ seconds: Double) -> Instant {
    Instant(nanoseconds: 0).advanced(by: .seconds(seconds))
  }

  /// A keepalive and the timings it runs under.
  private struct Session {
    var keepalive: Keepalive
    var timings: Keepalive.Timings
    var lastMessage = Instant(nanoseconds: 0)

    var deadline: Instant? { keepalive.deadline(under: timings, lastMessage: lastMessage) }
    mutating func tick(now: Instant) -> Keepalive.Action {
      keepalive.tick(under: timings, lastMessage: lastMessage, now: now)
    }
    mutating func noteReceived(now: Instant) { keepalive.noteReceived(now: now) }
    mutating func noteMessage(now: Instant) { lastMessage = now }
    mutating func pingNow(now: Instant) -> UInt64 { keepalive.pingNow(now: now) }
  }

  private func keepalive(
    ping: Duration? = nil, pong: Duration? = nil, idle: Duration? = nil
  ) -> Session {
    Session(
      keepalive: Keepalive(now: at(0)), timings: timings(ping: ping, pong: pong, idle: idle))
  }

  private func timings(
    ping: Duration? = nil, pong: Duration? = nil, idle: Duration? = nil
  ) -> Keepalive.Timings {
    Keepalive.Timings(pingInterval: ping, pongTimeout: pong, idleTimeout: idle)
  }

  private func answer(_ session: inout Session, _ payload: [UInt8], at seconds: Double)
    -> Duration?
  {
    session.keepalive.pongReceived(payload.span, now: at(seconds))
  }

  @Test("All off: nothing is ever due")
  func off() {
    var keepalive = keepalive()
    #expect(keepalive.deadline == nil)
    #expect(keepalive.tick(now: at(1e6)) == .none)
  }

  @Test("A ping is due at the interval, not before, and its answer gives the round trip")
  func ping() {
    var keepalive = keepalive(ping: .seconds(30))
    #expect(keepalive.deadline == at(30))
    #expect(keepalive.tick(now: at(29.999)) == .none)
    #expect(keepalive.tick(now: at(30)) == .sendPing(payload: 1))
    #expect(keepalive.deadline == nil, "one ping at a time")
    #expect(answer(&keepalive, [0, 0, 0, 0, 0, 0, 0, 1], at: 30.25) == .seconds(0.25))
    #expect(keepalive.deadline == at(60))
    #expect(keepalive.tick(now: at(61)) == .sendPing(payload: 2))
    #expect(answer(&keepalive, [0, 0, 0, 0, 0, 0, 0, 2], at: 61.5) == .seconds(0.5))
    #expect(keepalive.deadline == at(90), "being late moves no ping out of its place")
  }

  @Test("Each place in the interval is pinged in it, once an interval, whenever it opened")
  func places() {
    let timings = timings(ping: .seconds(30))
    for (place, offset) in [(0, 0), (0.25, 7.5), (0.5, 15), (0.99, 29.7)] {
      let place = UInt32(place * 0x1p32)
      for opened in [0, 1, 14, 16, 29, 1e6] {
        var keepalive = Keepalive(now: at(opened))
        var last = opened
        for _ in 0..<3 {
          guard
            let due = keepalive.deadline(under: timings, lastMessage: at(0), place: place)
          else {
            Issue.record("no ping is due")
            return
          }
          let seconds = at(0).duration(to: due).inSeconds
          let wait = seconds - last
          #expect(wait >= 14.99 && wait <= 45.01)
          if last != opened { #expect(abs(wait - 30) < 0.01) }
          let deviation = (seconds - offset).truncatingRemainder(dividingBy: 30)
          #expect(abs(deviation) < 0.01 || abs(deviation - 30) < 0.01)
          let action = keepalive.tick(
            under: timings, lastMessage: at(0), place: place, now: due)
          guard case .sendPing(let payload) = action else {
            Issue.record("\(action) where a ping is due")
            return
          }
          let answer = (0..<8).map { UInt8(truncatingIfNeeded: payload >> (56 - 8 * $0)) }
          #expect(keepalive.pongReceived(answer.span, now: due) == .zero)
          last = seconds
        }
      }
    }
  }

  @Test("After a change of the interval the pings of many lie all over it, none at once")
  func changedTogether() {
    let before = timings(ping: .seconds(30))
    let after = timings(ping: .seconds(15))
    let changedAt = at(1000)
    var due: [Double] = []
    for index in 0..<1000 {
      // Opened within a second, long ago or just now.
      let opened = at(index % 2 == 0 ? 970 + Double(index) / 1000 : 999.5)
      var keepalive = Keepalive(now: opened)
      let place = UInt32(Double(index) / 1000 * 0x1p32)
      #expect(keepalive.deadline(under: before, lastMessage: opened, place: place) != nil)
      keepalive.timingsChanged(to: after, now: changedAt)
      let next = keepalive.deadline(under: after, lastMessage: opened, place: place)
      due.append(changedAt.duration(to: next ?? at(0)).inSeconds)
    }
    #expect((due.min() ?? -1) >= 0)
    let counts = Dictionary(grouping: due) { Int($0) }.mapValues(\.count)
    #expect(counts.count >= 15)
    #expect((counts.values.max() ?? .max) <= 150, "a fifteenth in each second, or twice that")
  }

  @Test("A pong for an earlier ping answers none: the last one is still owed")
  func earlierPong() {
    var keepalive = keepalive(ping: .seconds(30), pong: .seconds(20))
    #expect(keepalive.tick(now: at(30)) == .sendPing(payload: 1))
    #expect(keepalive.pingNow(now: at(31)) == 2)
    #expect(answer(&keepalive, [0, 0, 0, 0, 0, 0, 0, 1], at: 32) == nil)
    #expect(keepalive.deadline == at(52), "still waiting for the answer to the second")
    #expect(answer(&keepalive, [0, 0, 0, 0, 0, 0, 0, 3], at: 33) == nil, "of one to come")
    #expect(answer(&keepalive, [0, 0, 0, 0, 0, 0, 0, 2], at: 34) == .seconds(3))
  }

  @Test(
    "A pong that answers no ping is no sample",
    arguments: [
      [], [1], [0, 0, 0, 0, 0, 0, 0, 2], [0, 0, 0, 0, 0, 0, 1], [0, 0, 0, 0, 0, 0, 0, 0, 1],
      [1, 0, 0, 0, 0, 0, 0, 1],
    ] as [[UInt8]])
  func unsolicited(payload: [UInt8]) {
    var keepalive = keepalive(ping: .seconds(30), pong: .seconds(20))
    #expect(answer(&keepalive, [0, 0, 0, 0, 0, 0, 0, 0], at: 1) == nil)
    #expect(keepalive.tick(now: at(30)) == .sendPing(payload: 1))
    #expect(answer(&keepalive, payload, at: 31) == nil)
    #expect(answer(&keepalive, [0, 0, 0, 0, 0, 0, 0, 1], at: 32) == .seconds(2))
    #expect(answer(&keepalive, [0, 0, 0, 0, 0, 0, 0, 1], at: 33) == nil, "answered already")
  }

  @Test("A silent peer times out, not before the time is over")
  func pongTimeout() {
    var keepalive = keepalive(ping: .seconds(30), pong: .seconds(20))
    #expect(keepalive.tick(now: at(30)) == .sendPing(payload: 1))
    #expect(keepalive.deadline == at(50))
    #expect(keepalive.tick(now: at(49.999)) == .none)
    #expect(keepalive.tick(now: at(50)) == .pongTimedOut)
  }

  @Test("Any byte counts as life: a pong cannot overtake a long frame")
  func bytesCountAsLife() {
    var keepalive = keepalive(ping: .seconds(30), pong: .seconds(20))
    keepalive.noteReceived(now: at(10))
    #expect(keepalive.tick(now: at(30)) == .sendPing(payload: 1))
    #expect(keepalive.deadline == at(50), "bytes before the ping prove nothing")
    keepalive.noteReceived(now: at(45))
    #expect(keepalive.deadline == at(65))
    #expect(keepalive.tick(now: at(50)) == .none)
    #expect(keepalive.tick(now: at(65)) == .pongTimedOut)
  }

  @Test("Idle is the time without a message; bytes and pongs do not count")
  func idle() {
    var keepalive = keepalive(idle: .seconds(60))
    keepalive.noteReceived(now: at(50))
    #expect(keepalive.deadline == at(60))
    keepalive.noteMessage(now: at(55))
    #expect(keepalive.deadline == at(115))
    #expect(keepalive.tick(now: at(114.999)) == .none)
    #expect(keepalive.tick(now: at(115)) == .idleTimedOut)
  }

  @Test("The earliest deadline counts, and the session's end goes before a ping")
  func order() {
    var keepalive = keepalive(ping: .seconds(30), pong: .seconds(20), idle: .seconds(40))
    #expect(keepalive.deadline == at(30))
    #expect(keepalive.tick(now: at(30)) == .sendPing(payload: 1))
    #expect(keepalive.deadline == at(40))
    #expect(keepalive.tick(now: at(60)) == .idleTimedOut)
  }

  @Test("Every timer can be changed, turned on and off while the session runs")
  func changes() {
    var keepalive = keepalive(ping: .seconds(30), pong: .seconds(20), idle: .seconds(60))
    keepalive.timings = timings(ping: .seconds(5), pong: .seconds(20), idle: .seconds(60))
    #expect(keepalive.deadline == at(5))
    keepalive.timings = timings(pong: .seconds(20), idle: .seconds(60))
    #expect(keepalive.deadline == at(60))
    keepalive.timings = timings(pong: .seconds(20), idle: .seconds(7))
    #expect(keepalive.deadline == at(7))
    keepalive.timings = timings(pong: .seconds(20))
    #expect(keepalive.deadline == nil)
    keepalive.timings = timings(ping: .seconds(1), pong: .seconds(20))
    #expect(keepalive.tick(now: at(100)) == .sendPing(payload: 1))
    #expect(keepalive.deadline == at(120))
    keepalive.timings = timings(ping: .seconds(1), pong: .seconds(2))
    #expect(keepalive.deadline == at(102))
    keepalive.timings = timings(ping: .seconds(1))
    #expect(keepalive.deadline == nil)
  }

  @Test("The longest timers do not overflow, and it stays small")
  func extremes() {
    var keepalive = keepalive(ping: .seconds(Int64.max), idle: .seconds(Int64.max))
    #expect(keepalive.deadline == Instant(nanoseconds: .max))
    #expect(keepalive.tick(now: at(1e9)) == .none)
    #expect(MemoryLayout<Keepalive>.size <= 64)
  }
}
