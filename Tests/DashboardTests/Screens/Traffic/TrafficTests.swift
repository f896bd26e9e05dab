import ControlProtocol
import TestSupport
import Testing
import Vocabulary

@testable import Dashboard

@Suite("Traffic")
struct TrafficTests {
  private func report(
    _ window: TrafficWindow = .fiveMinutes, route: String? = nil, samples: Int = 300
  ) -> TrafficReport {
    var report = TrafficReport(engine: "run-1", window: window, route: route)
    report.samples = (0..<samples).map { index in
      var sample = RateSample()
      sample.at = now - Double((samples - 1 - index) * window.stepSeconds)
      sample.messagesIn = Double(index)
      sample.open = 50
      sample.opened = 3
      return sample
    }
    report.sizesIn = statistics().sizesIn
    report.sizesOut = SizeDistribution()
    report.sizesSeconds = 330
    report.messageBytes = "64KiB"
    var counts = Array(repeating: 0, count: SizeBuckets.count)
    counts[SizeBuckets.index(of: 12_000)] = 40
    report.roundTrips = SizeDistribution(bucketCounts: counts, maximum: 12_000)
    return report
  }

  private func atTraffic(
    columns: Int = 80, rows: Int = 24, repertoire: Repertoire = .unicode,
    _ report: TrafficReport? = nil
  ) -> Model {
    var model = connected(columns: columns, rows: rows, repertoire: repertoire)
    model.keys(.character("2"))
    var snapshot = picture()
    snapshot.traffic = report ?? self.report()
    _ = update(&model, .snapshot(snapshot))
    return model
  }

  @Test("Six graphs, sizes with the limit drawn on them, and round trips, at 80×24")
  func whole() throws {
    let lines = atTraffic().lines
    let text = lines.joined(separator: "\n")
    #expect(try lines.at(6).hasPrefix("  1m [5m] 1h  24h   sizes of all 2 routes, last 5m30s"))
    for title in [
      "messages in  12.4k/s  peak 299/s", "messages out", "bytes in", "bytes out",
      "sessions  10.4k  peak 50", "handshakes  0/s, refused 0/s",
    ] {
      #expect(text.contains(title), "\(title)")
    }
    #expect(text.contains("in p50 215 B p99 8.5 KiB"))
    #expect(text.contains("limit 64 KiB"))
    #expect(text.contains("rtt p50 12ms p99 12ms"))
    // A rising graph fills its width, and its end its height.
    let graph = try lines.at(8..<10).map { String(Array($0).prefix(39)) }
    #expect(try graph.at(0).hasSuffix("⣿⣿"))
    #expect(try graph.at(1).dropFirst(11).allSatisfy { ("\u{2801}"..."\u{28FF}").contains($0) })
  }

  @Test("Graphs have a scale: their greatest value at the top, and the time at both ends")
  func scale() throws {
    let model = atTraffic()
    let lines = model.lines
    #expect(try lines.at(8).hasPrefix(" 299/s "))
    #expect(try lines.at(9).hasPrefix("     0 "))
    // 64 values of 5 s each behind a scale of six columns.
    let times = try lines.at(16)
    #expect(times.contains(#/^ {7}5m20s ago ─+ now {7}5m20s ago ─+ now$/#), "\(times)")
    var paused = model
    paused.keys(.character("Z"))
    #expect(try paused.lines.at(16).hasSuffix("─ when paused"))
    var lost = model
    _ = update(&lost, .connectionLost(reason: "gone"))
    #expect(try lost.lines.at(16).hasSuffix("─ when lost"))
    // All graphs begin in one column, whatever is greatest in each.
    var busy = report()
    for index in busy.samples.indices { busy.samples[index].bytesIn = 1_000_000 }
    let wide = atTraffic(columns: 140, rows: 40, busy).lines
    #expect(wide.contains { $0.hasPrefix(" 977 KiB/s ") })
    #expect(wide.contains { $0.hasPrefix("     299/s ") })
    // Where there is no room, the graph has it.
    #expect(!atTraffic(columns: 40, rows: 10).text.contains("ago"))
  }

  @Test("Keys choose the span and the route, and each is a new watch")
  func choices() {
    var model = connected()
    func query(_ effects: [Effect]) -> TrafficQuery? {
      for case .watch(let request) in effects { return request.traffic }
      return nil
    }
    #expect(query(model.keys(.character("2"))) == TrafficQuery(window: .fiveMinutes))
    #expect(query(model.keys(.right)) == TrafficQuery(window: .hour))
    #expect(query(model.keys(.character("w"))) == TrafficQuery(window: .day))
    #expect(model.keys(.right) == [])
    #expect(query(model.keys(.left, .left, .left)) == TrafficQuery(window: .hour))
    #expect(model.traffic.window == .minute)
    #expect(model.keys(.character("W")) == [])
    #expect(query(model.keys(.down))?.route == "/ws/chat/{room}")
    #expect(query(model.keys(.character("j")))?.route == "/ws/echo")
    #expect(query(model.keys(.down)) == TrafficQuery(window: .minute))
    #expect(query(model.keys(.up))?.route == "/ws/echo")
    var snapshot = picture()
    snapshot.traffic = report(.minute, route: "/ws/echo", samples: 60)
    _ = update(&model, .snapshot(snapshot))
    #expect(model.text.contains("[1m] 5m  1h  24h   sizes of /ws/echo"))
    // Elsewhere nobody asks for it.
    #expect(query(model.keys(.character("1"))) == nil)
  }

  @Test("Samples that were pushed before are kept, and those of another span are not drawn")
  func samples() {
    var model = atTraffic()
    var snapshot = picture()
    var same = report()
    same.samples = []
    same.sizesSeconds = 331
    snapshot.traffic = same
    _ = update(&model, .snapshot(snapshot))
    #expect(model.traffic.report?.samples.count == 300)
    #expect(model.traffic.report?.sizesSeconds == 331)
    snapshot.traffic = report(.hour)
    _ = update(&model, .snapshot(snapshot))
    #expect(model.traffic.report?.window == .fiveMinutes)
    model.keys(.right)
    #expect(model.traffic.report == nil)
    _ = update(&model, .snapshot(snapshot))
    #expect(model.traffic.report?.window == .hour)
  }

  @Test("An engine that knows no spans still has its last minute drawn")
  func olderEngine() {
    var model = connected()
    model.keys(.character("2"))
    #expect(model.text.contains("messages in  12.4k/s  peak 11.4k/s"))
    #expect(model.text.contains("in p50 215 B p99 8.5 KiB"))
  }

  @Test("Points are averages, or stretched, with the newest at the right")
  func points() {
    func samples(_ count: Int, _ step: Int) -> [(at: Double, value: Double)] {
      (0..<count).map { (at: Double(10_000 + $0) * Double(step), value: Double($0)) }
    }
    let stretched = TrafficView.points(samples(60, 1), .minute, count: 120)
    #expect(stretched.count == 120)
    #expect(stretched.first == .some(0.0) && stretched.last == .some(59.0))
    let averaged = TrafficView.points(samples(300, 1), .fiveMinutes, count: 100)
    #expect(averaged.count == 100)
    #expect(averaged.compactMap(\.self) == averaged.compactMap(\.self).sorted())
    let partly = TrafficView.points(samples(10, 240), .day, count: 360)
    #expect(partly.count { $0 != nil } == 10)
    #expect(partly.last == .some(9.0))
    #expect(TrafficView.points([], .minute, count: 5).isEmpty)
    #expect(TrafficView.points(samples(5, 1), .minute, count: 0).isEmpty)
  }

  @Test("A braille character has two columns of four dots, and little is not nothing")
  func braille() {
    #expect(BrailleGraph.rows([4, 2], peak: 4, height: 1) == ["⣧"])
    #expect(BrailleGraph.rows([0.001, nil, 0, 8], peak: 8, height: 2) == [" ⢸", "⡀⢸"])
    #expect(BrailleGraph.rows([1], peak: 1, height: 1) == ["⡇"])
    #expect(BrailleGraph.rows([1, .nan, .infinity], peak: 0, height: 1) == ["  "])
    #expect(BrailleGraph.rows([1], peak: 1, height: 0).isEmpty)
  }

  @Test(
    "It fits any terminal, in ASCII too",
    arguments: [(80, 24), (20, 5), (40, 12), (66, 18), (10, 3), (1, 1), (200, 60)])
  func sizes(columns: Int, rows: Int) {
    for repertoire in [Repertoire.unicode, .ascii] {
      let model = atTraffic(columns: columns, rows: rows, repertoire: repertoire)
      #expect(model.lines.count == rows)
      if repertoire == .ascii { #expect(model.text.utf8.allSatisfy { $0 < 0x80 }) }
    }
    let wide = atTraffic(columns: 200, rows: 60)
    #expect(wide.text.contains("of 1000 messages") || wide.text.contains("of 1.0k messages"))
  }
}
