import EventLoop
import Synchronization
import TestSupport
import Testing
import Vocabulary
import WebSocketProtocol

@testable import WebSocketEngine

@Suite("Pools of upstreams")
struct UpstreamPoolTests {
  private let start = Instant(nanoseconds: 1_000_000_000)
  private let notices = Notices()

  private func targets(_ names: String...) throws -> [UpstreamURL] { try targets(names) }

  private func targets(_ names: [String]) throws -> [UpstreamURL] {
    try names.map { try UpstreamURL($0.contains(":") ? $0 : "ws://\($0)") }
  }

  private func pool(
    _ names: String..., policy: UpstreamPolicy = .leastSessions, reactors: Int = 1
  ) throws -> UpstreamPool {
    UpstreamPool(
      route: "/app", targets: try targets(names), policy: policy, reactorCount: reactors,
      notices: notices, jitter: { 0.5 })
  }

  /// Places that stay taken.
  private final class Places {
    private var places: [String: [Box]] = [:]

    final class Box {
      var place: UpstreamPlace?
      init(_ place: consuming UpstreamPlace) { self.place = consume place }
    }

    /// Opens a session, and gives the name of its upstream.
    @discardableResult
    func open(_ pool: UpstreamPool, for key: UpstreamKey? = nil, at now: Instant) -> String? {
      guard var place = pool.choose(for: key, at: now) else { return nil }
      place.succeeded(connectTime: .milliseconds(3), at: now)
      let name = String(place.upstream.name.text.trimmingPrefix("ws://"))
      places[name, default: []].append(Box(place))
      return name
    }

    func close(_ name: String) { _ = places[name]?.popLast() }
    func count(_ name: String) -> Int { places[name]?.count ?? 0 }
    func closeAll() { places = [:] }
  }

  private struct NoPlace: Error {}

  /// A place for a session that is to be opened.
  private func place(
    of pool: UpstreamPool, for key: UpstreamKey? = nil, excluding tried: [Upstream] = [],
    at now: Instant
  ) throws -> UpstreamPlace {
    guard let place = pool.choose(for: key, excluding: tried, at: now) else { throw NoPlace() }
    return place
  }

  /// Whether no upstream takes a session.
  private func isExhausted(
    _ pool: UpstreamPool, excluding tried: [Upstream] = [], at now: Instant
  ) -> Bool {
    let place = pool.choose(excluding: tried, at: now)
    return place == nil
  }

  /// Has one attempt fail at the upstream that is chosen.
  private func fail(
    _ pool: UpstreamPool, _ reason: UpstreamFailure = .refused, at now: Instant
  ) throws {
    var place = try self.place(of: pool, at: now)
    place.failed(reason, "connect: \(reason)", at: now)
  }

  private func status(_ pool: UpstreamPool, _ name: String) throws -> UpstreamStatus {
    try #require(pool.upstream(named: UTF8Name("ws://" + name))).status()
  }

  // MARK: Policies

  @Test("Sessions go to where the fewest are, and to equal ones in turn")
  func leastSessions() throws {
    let pool = try self.pool("a", "b", "c")
    let places = Places()
    #expect((0..<6).map { _ in places.open(pool, at: start) } == ["a", "b", "c", "a", "b", "c"])
    places.close("b")
    places.close("b")
    places.close("c")
    #expect((0..<3).compactMap { _ in places.open(pool, at: start) }.sorted() == ["b", "b", "c"])
    for _ in 0..<300 { places.open(pool, at: start) }
    #expect(["a", "b", "c"].map { places.count($0) } == [102, 102, 102])
  }

  @Test("Attempts that are under way count as sessions do where the fewest are looked for")
  func attemptsCount() throws {
    let pool = try self.pool("a", "b")
    let first = try place(of: pool, at: start)
    let second = try place(of: pool, at: start)
    #expect(first.upstream !== second.upstream)
    #expect(try status(pool, "a").openingCount == 1 && status(pool, "a").sessionCount == 0)
    first.end()
    second.end()
    #expect(try status(pool, "a").openingCount == 0)
  }

  @Test("Round robin gives each its turn, however many sessions it has, and skips who takes none")
  func roundRobin() throws {
    let pool = try self.pool("a", "b", "c", policy: .roundRobin)
    let places = Places()
    for _ in 0..<5 { places.open(pool, at: start) }
    #expect((0..<4).map { _ in places.open(pool, at: start) } == ["c", "a", "b", "c"])
    try #require(pool.upstream(named: "ws://a")).drain()
    #expect((0..<4).map { _ in places.open(pool, at: start) } == ["b", "c", "b", "c"])
  }

  @Test("Hashing sends a client to the same upstream, all upstreams get their share, and few move")
  func hashing() throws {
    let names = (0..<8).map { "ws://10.1.0.\($0):9000" }
    let pool = UpstreamPool(
      route: "/app", targets: try targets(names), policy: .hashAddress, reactorCount: 1,
      notices: notices)
    let keys = (0..<8000).map { UpstreamKey("10.0.\($0 / 256).\($0 % 256)".utf8) }
    func chosen() throws -> [String] {
      try keys.map { key in
        let place = try self.place(of: pool, for: key, at: start)
        let name = place.upstream.name.text
        place.end()
        return name
      }
    }
    let first = try chosen()
    #expect(try chosen() == first)
    for name in names {
      let count = first.count { $0 == name }
      #expect((800...1200).contains(count), "\(name): \(count) of 8000")
    }
    pool.change(to: try targets(Array(names.dropLast())), policy: .hashAddress)
    let without = try chosen()
    for (old, new) in zip(first, without) where old != names[7] { #expect(old == new) }
    pool.change(to: try targets(names + ["ws://10.1.0.8:9000"]), policy: .hashAddress)
    let more = try chosen()
    let moved = zip(first, more).count { $0 != $1 }
    #expect((600...1200).contains(moved), "\(moved) of 8000")
    #expect(zip(first, more).allSatisfy { $0 == $1 || $1 == "ws://10.1.0.8:9000" })
  }

  @Test("A client whose upstream is down goes to one other, and back when it is up again")
  func hashingAround() throws {
    let pool = try self.pool("a", "b", "c", policy: .hashAddress)
    let key = UpstreamKey("10.0.0.7".utf8)
    let places = Places()
    let home = try #require(places.open(pool, for: key, at: start))
    var place = try self.place(of: pool, for: key, at: start)
    place.failed(.refused, "", at: start)
    place.end()
    let others = Set((0..<10).map { _ in places.open(pool, for: key, at: start) })
    #expect(others.count == 1 && !others.contains(home))
    #expect(places.open(pool, for: key, at: start.advanced(by: .seconds(1))) == home)
    #expect(places.open(pool, for: key, at: start.advanced(by: .seconds(1))) == home)
  }

  @Test("Without the header field a session goes to where the fewest are")
  func withoutKey() throws {
    let pool = try self.pool("a", "b", policy: .hashHeader(name: "X-User"))
    let places = Places()
    #expect((0..<4).map { _ in places.open(pool, at: start) } == ["a", "b", "a", "b"])
  }

  // MARK: Failures

  @Test("An upstream that failed gets no session in its pause, then one, and all when that opened")
  func pause() throws {
    let pool = try self.pool("a", "b")
    try fail(pool, at: start)
    #expect(try status(pool, "a").state == .down(until: start.advanced(by: .seconds(1))))
    let places = Places()
    for _ in 0..<10 { #expect(places.open(pool, at: start) == "b") }
    let later = start.advanced(by: .seconds(1))
    var trial = try place(of: pool, at: later)
    #expect(trial.upstream.name == "ws://a")
    for _ in 0..<10 { #expect(places.open(pool, at: later) == "b") }
    trial.succeeded(connectTime: .milliseconds(1), at: later)
    #expect(try status(pool, "a").state == .up)
    for _ in 0..<10 { #expect(places.open(pool, at: later) == "a") }
    trial.end()
  }

  @Test("A session is tried at each upstream once, and then nowhere")
  func excluding() throws {
    let pool = try self.pool("a", "b", "c")
    var tried: [Upstream] = []
    for _ in 0..<3 {
      var place = try self.place(of: pool, excluding: tried, at: start)
      #expect(!tried.contains { $0 === place.upstream })
      place.failed(.refused, "", at: start)
      tried.append(place.upstream)
    }
    #expect(isExhausted(pool, excluding: tried, at: start))
  }

  @Test("Where all are down one attempt at a time goes to the one whose pause ends first")
  func lastResort() throws {
    let pool = try self.pool("a", "b")
    try fail(pool, at: start)
    try fail(pool, at: start.advanced(by: .milliseconds(100)))
    let now = start.advanced(by: .milliseconds(200))
    var first = try place(of: pool, at: now)
    #expect(first.upstream.name == "ws://a")
    let second = try place(of: pool, at: now)
    #expect(second.upstream.name == "ws://b")
    #expect(isExhausted(pool, at: now), "each is tried by one")
    second.end()
    first.succeeded(connectTime: .milliseconds(1), at: now)
    #expect(try status(pool, "a").state == .up && status(pool, "b").state != .up)
    first.end()
  }

  @Test("Failures are counted by reason, with the text and time of the last one")
  func failures() throws {
    let pool = try self.pool("a")
    var now = start
    for (index, reason) in UpstreamFailure.allCases.enumerated() {
      for _ in 0...index {
        now = now.advanced(by: .seconds(100))
        try fail(pool, reason, at: now)
      }
    }
    let status = try status(pool, "a")
    for (index, reason) in UpstreamFailure.allCases.enumerated() {
      #expect(status.failureCounts[reason] == index + 1)
    }
    #expect(status.lastFailure?.reason == .reset && status.lastFailure?.at == now)
    #expect(status.lastFailure?.text == "connect: reset")
    #expect(status.openedCount == 0 && status.openingCount == 0)
  }

  @Test("A failure's text is kept up to 256 bytes, cut between characters")
  func longText() throws {
    let pool = try self.pool("a")
    var place = try self.place(of: pool, at: start)
    place.failed(.badAnswer, String(repeating: "é", count: 5000) + "x", at: start)
    let text = try #require(status(pool, "a").lastFailure?.text)
    #expect(text == String(repeating: "é", count: 128))
  }

  @Test("The loss of an open session is counted and leaves its upstream up")
  func lost() throws {
    let pool = try self.pool("a")
    var place = try self.place(of: pool, at: start)
    place.succeeded(connectTime: .milliseconds(8), at: start)
    place.failed(.reset, "recv: Connection reset by peer", at: start)
    let during = try status(pool, "a")
    #expect(during.state == .up && during.sessionCount == 1)
    #expect(during.failureCounts == [.reset: 1])
    place.end()
    #expect(try status(pool, "a").sessionCount == 0)
  }

  @Test("The time to connect is told as it was last, and smoothed by eighths")
  func connectTimes() throws {
    let pool = try self.pool("a")
    #expect(try status(pool, "a").lastConnectTime == nil)
    for milliseconds in [80, 160, 10] {
      var place = try self.place(of: pool, at: start)
      place.succeeded(connectTime: .milliseconds(milliseconds), at: start)
    }
    let status = try status(pool, "a")
    #expect(status.lastConnectTime == .milliseconds(10))
    #expect(status.smoothedConnectTime == .microseconds(80_000 + 10_000 - 10_000))
    #expect(status.openedCount == 3 && status.sessionCount == 0)
  }

  // MARK: Draining

  @Test("A drained upstream gets no session, not even as the last resort, until it is resumed")
  func drain() throws {
    let pool = try self.pool("a", "b")
    let places = Places()
    places.open(pool, at: start)
    places.open(pool, at: start)
    let upstream = try #require(pool.upstream(named: "ws://a"))
    #expect(upstream.drain() && !upstream.drain())
    #expect(upstream.status().state == .draining && upstream.status().sessionCount == 1)
    for _ in 0..<5 { #expect(places.open(pool, at: start) == "b") }
    try #require(pool.upstream(named: "ws://b")).drain()
    #expect(isExhausted(pool, at: start))
    places.close("a")
    #expect(upstream.status().state == .drained)
    #expect(upstream.resume() && !upstream.resume())
    #expect(places.open(pool, at: start) == "a")
  }

  @Test("Upstreams that go down, up again and are drained are told once each")
  func told() throws {
    let pool = try self.pool("a")
    try fail(pool, at: start)
    for milliseconds in [100, 200] {
      try fail(pool, at: start.advanced(by: .milliseconds(milliseconds)))
    }
    var place = try self.place(of: pool, at: start.advanced(by: .milliseconds(1500)))
    place.succeeded(connectTime: .milliseconds(1), at: start.advanced(by: .milliseconds(1500)))
    place.upstream.drain()
    #expect(
      notices.takeAll() == [
        .upstreamDown(route: "/app", name: "ws://a", reason: .refused, detail: "connect: refused"),
        .upstreamUp(route: "/app", name: "ws://a", downMilliseconds: 1500),
      ])
    place.end()
    #expect(notices.takeAll() == [.upstreamDrained(route: "/app", name: "ws://a")])
    let upstream = try #require(pool.upstream(named: "ws://a"))
    upstream.resume()
    upstream.drain()
    #expect(notices.takeAll() == [.upstreamDrained(route: "/app", name: "ws://a")], "it had none")
  }

  @Test("A check puts an upstream down and up again, and its failures are counted and told")
  func check() throws {
    let pool = try self.pool("a", "b")
    let upstream = try #require(pool.upstream(named: "ws://a"))
    let until = start.advanced(by: .seconds(7))
    upstream.checked(.down(.badAnswer, text: "answered 404", until: until), at: start)
    #expect(upstream.status().state == .down(until: until))
    #expect(upstream.status().failureCounts == [.badAnswer: 1])
    upstream.checked(.up, at: start.advanced(by: .seconds(5)))
    upstream.checked(.up, at: start.advanced(by: .seconds(10)))
    #expect(upstream.status().state == .up)
    #expect(
      notices.takeAll() == [
        .upstreamDown(route: "/app", name: "ws://a", reason: .badAnswer, detail: "answered 404"),
        .upstreamUp(route: "/app", name: "ws://a", downMilliseconds: 5000),
      ])
  }

  // MARK: Change of the list

  @Test("Who stays in the list keeps its counts and state, who leaves keeps its sessions")
  func change() throws {
    let pool = try self.pool("a", "b", "c")
    let places = Places()
    for _ in 0..<6 { places.open(pool, at: start) }
    try fail(pool, at: start)
    try #require(pool.upstream(named: "ws://c")).drain()
    let before = pool.upstreams
    pool.change(to: try targets("c", "a", "d", "d"), policy: .roundRobin)
    #expect(pool.policy == .roundRobin)
    #expect(pool.upstreams.map(\.name) == ["ws://c", "ws://a", "ws://d", "ws://b"])
    #expect(pool.upstreams[0] === before[2] && pool.upstreams[1] === before[0])
    #expect(try status(pool, "c").state == .draining && status(pool, "c").sessionCount == 2)
    #expect(try status(pool, "a").failureCounts == [.refused: 1])
    #expect(pool.upstream(named: "ws://b") == nil)
    #expect(before[1].status().state == .removed && before[1].status().sessionCount == 2)
    #expect(places.open(pool, at: start) == "d")
    places.close("b")
    #expect(pool.upstreams.count == 4)
    places.close("b")
    #expect(pool.upstreams.map(\.name) == ["ws://c", "ws://a", "ws://d"])
    places.closeAll()
    #expect(before.allSatisfy { $0.status().sessionCount == 0 && $0.placeCount == 0 })
  }

  @Test("An upstream that comes back while it has sessions has its counts again")
  func comeBack() throws {
    let pool = try self.pool("a", "b")
    let places = Places()
    places.open(pool, at: start)
    let first = try #require(pool.upstream(named: "ws://a"))
    pool.change(to: try targets("b"), policy: .leastSessions)
    pool.change(to: try targets("b", "a"), policy: .leastSessions)
    #expect(pool.upstream(named: "ws://a") === first && first.status().state == .up)
    #expect(places.open(pool, at: start) == "b")
  }

  @Test("Names that look alike but differ in bytes are different upstreams")
  func names() throws {
    let pool = try self.pool("unix:/caf\u{E9}", "unix:/cafe\u{301}")
    #expect(pool.upstreams.count == 2)
  }

  // MARK: Threads

  /// What threads did to a pool.
  private final class Deeds: Sendable {
    let openedCount = Atomic(0)
    let failedCount = Atomic(0)
    private let seen: Mutex<[Upstream]>

    /// Every upstream that was ever in the pool's list.
    var upstreams: [Upstream] { seen.withLock { $0 } }

    init(_ pool: UpstreamPool) { seen = Mutex(pool.upstreams) }

    func see(_ upstreams: [Upstream]) {
      seen.withLock { seen in
        for one in upstreams where !seen.contains(where: { $0 === one }) { seen.append(one) }
      }
    }

    /// Opens sessions, of which some fail, some have clients that leave, and some stay for a while.
    func open(_ pool: UpstreamPool, reactor: Int, from start: Instant) {
      var generator = SeededGenerator(seed: UInt64(reactor))
      var held: [Places.Box] = []
      for step in 0..<5000 {
        let now = start.advanced(by: .milliseconds(step))
        guard var place = pool.choose(at: now) else { continue }
        switch UInt64.random(in: 0..<10, using: &generator) {
        case 0:
          place.failed(.refused, "", at: now)
          failedCount.wrappingAdd(1, ordering: .relaxed)
        case 1: break
        default:
          place.succeeded(connectTime: .milliseconds(1), at: now)
          openedCount.wrappingAdd(1, ordering: .relaxed)
          var delta = TurnDelta()
          delta.received(messageOf: 10)
          place.upstream.traffic.add(delta, ofReactor: reactor)
          held.append(Places.Box(place))
          guard held.count > 20 else { continue }
          held.remove(at: Int.random(in: 0..<held.count, using: &generator))
        }
      }
    }

    /// Changes the list and drains upstreams.
    func change(_ pool: UpstreamPool, to lists: [[UpstreamURL]]) {
      for round in 0..<1000 {
        pool.change(
          to: lists[round % lists.count], policy: round % 3 == 0 ? .roundRobin : .leastSessions)
        let current = pool.upstreams
        see(current)
        current.first?.drain()
        current.first?.resume()
      }
    }
  }

  @Test("Counts never leak, whatever several threads open, fail, leave, drain and change at once")
  func threads() throws {
    let pool = try self.pool("a", "b", "c", reactors: 4)
    let deeds = Deeds(pool)
    let lists = [
      try targets("a", "b", "c"), try targets("b", "c", "d"), try targets("c", "e", "a"),
    ]
    var threads: [LoopThread] = []
    for reactor in 0..<4 {
      let start = self.start
      threads.append(
        try LoopThread(name: "opener") { deeds.open(pool, reactor: reactor, from: start) })
    }
    threads.append(try LoopThread(name: "changer") { deeds.change(pool, to: lists) })
    for thread in threads { thread.join() }
    deeds.see(pool.upstreams)
    let all = deeds.upstreams
    #expect(all.allSatisfy { $0.placeCount == 0 && $0.status().sessionCount == 0 })
    let opened = all.reduce(0) { $0 + $1.status().openedCount }
    #expect(opened == deeds.openedCount.load(ordering: .relaxed) && opened > 1000)
    let failed = all.reduce(0) { $0 + ($1.status().failureCounts[.refused] ?? 0) }
    #expect(failed == deeds.failedCount.load(ordering: .relaxed))
    #expect(all.reduce(0) { $0 + $1.traffic.counts.messagesIn } == opened)
    #expect(all.reduce(0) { $0 + $1.traffic.counts.bytesIn } == opened * 10)
    pool.change(to: [], policy: .leastSessions)
    #expect(pool.upstreams.isEmpty && isExhausted(pool, at: start))
  }
}
