import ControlProtocol
import Histogram
import Testing
import Vocabulary
import WebSocketProtocol

@testable import LoadGenerator

@Suite("wstop load: the report")
struct LoadReportTests {
  /// A thousand replies of 1 to 1000 µs, and what else a load comes to.
  static func tally() -> LoadTally {
    var tally = LoadTally()
    tally.measured = LoadFixture.at(2000)..<LoadFixture.at(4000)
    for microseconds in 1...1000 {
      tally.record(replyTime: .microseconds(microseconds))
    }
    tally.firstBegun = LoadFixture.at(1000)
    tally.recordOpening(from: LoadFixture.at(1000), to: LoadFixture.at(1004))
    tally.recordOpening(from: LoadFixture.at(1000), to: LoadFixture.at(1500))
    tally.failedCount = 3
    tally.failures = [
      .refused(status: 503): 1, .system(call: "connect", number: 111): 2, .handshakeTimedOut: 1,
    ]
    tally.closes = [
      LoadClose(code: .normalClosure, by: .client): 1, LoadClose(code: .goingAway, by: .server): 1,
    ]
    tally.sentCount = 1002
    tally.receivedCount = 1000
    tally.receivedByteCount = 20_000
    tally.wireSentByteCount = 26_052
    tally.mismatchCount = 5
    tally.unansweredCount = 2
    return tally
  }

  static func report(
    _ tally: LoadTally = tally(), _ change: (inout LoadPlan) -> Void = { _ in }
  ) throws -> LoadReport {
    let plan = try LoadFixture.plan {
      $0.connectionCount = 5
      $0.activeCount = 5
      change(&$0)
    }
    return LoadReport(plan, tally, wasInterrupted: false)
  }

  @Test("Percentiles are those of what was recorded, to three digits")
  func percentiles() throws {
    let times = try #require(try Self.report().replyMicroseconds)
    #expect(times.count == 1000)
    #expect(times.minimum == 1)
    #expect(times.mean == 500.5)
    for (value, expected) in [
      (times.p50, 500.0), (times.p90, 900), (times.p99, 990), (times.p999, 999),
    ] {
      #expect(abs(value - expected) <= expected / 1000 + 0.01, "\(value)")
    }
    #expect(times.maximum == 1000)
  }

  @Test("The JSON has every figure under its name")
  func json() throws {
    let text = String(
      decoding: ControlJSON.encodeASCII(try Self.report(), isIndented: false), as: UTF8.self)
    for part in [
      #""url":"ws://127.0.0.1:9/ws/echo""#, #""mode":"closed-loop""#, #""window":1"#,
      #""replies":"echo""#, #""seconds":2"#, #""interrupted":false"#, #""wanted":5"#,
      #""opened":2"#, #""failed":3"#, #""openedPerSecond":4"#, #""sent":1002"#,
      #""received":1000"#, #""perSecond":500"#, #""bytesPerSecond":10000"#, #""mismatched":5"#,
      #""unanswered":2"#, #""unsent":0"#, #""unexpected":0"#, #""replyMicroseconds":{"count":1000"#,
      #"{"count":2,"kind":"connect: Connection refused"}"#,
      #"{"by":"client","code":1000,"count":1},{"by":"server","code":1001,"count":1}"#,
      #""kind":"binary""#, #""threads":1"#,
    ] {
      #expect(text.contains(part), "\(part) in \(text)")
    }
    #expect(!text.contains("rate"))
  }

  @Test("Paced, one-way and reconnecting loads count what is theirs")
  func modes() throws {
    let paced = try Self.report { $0.pace = .rate(2.5) }
    #expect(paced.mode == .paced)
    #expect(paced.rate == 2.5)
    #expect(paced.window == nil)
    let oneWay = try Self.report { $0.replies = .none }
    #expect(oneWay.messages.perSecond == 501)
    #expect(oneWay.messages.bytesPerSecond == 13_026)
    #expect(oneWay.window == nil)
    var tally = Self.tally()
    tally.recordOpening(from: LoadFixture.at(2000), to: LoadFixture.at(2001))
    #expect(try Self.report(tally) { $0.reconnectAfter = 1 }.connections.openedPerSecond == 0.5)
  }

  @Test("Nothing at all makes a report too")
  func nothing() throws {
    let report = try Self.report(LoadTally())
    #expect(report.seconds == 0)
    #expect(report.messages.perSecond == 0)
    #expect(report.replyMicroseconds == nil)
    #expect(report.connections.openedPerSecond == 0)
    #expect(report.connections.handshakeMicroseconds == nil)
  }

  @Test("The tallies of threads add up")
  func addition() {
    var sum = LoadTally()
    sum.add(Self.tally())
    sum.add(Self.tally())
    sum.add(LoadTally())
    #expect(sum.openedCount == 4)
    #expect(sum.failures[.refused(status: 503)] == 2)
    #expect(sum.closes[LoadClose(code: .goingAway, by: .server)] == 2)
    #expect(sum.latencies.count == 2000)
    #expect(sum.handshakes.count == 4)
    #expect(sum.measured == LoadFixture.at(2000)..<LoadFixture.at(4000))
    #expect(sum.lastOpened == LoadFixture.at(1500))
  }

  @Test("A reply that took over an hour counts as one of an hour")
  func longest() throws {
    var tally = LoadTally()
    tally.record(replyTime: .seconds(7200))
    tally.record(replyTime: .seconds(-1))
    #expect(tally.latencies.count == 2)
    #expect(tally.latencies.maximum == 3_600_000_000_000)
  }
}
