import Vocabulary
import WebSocketProtocol

/// What a load came to, under the names that `--json` has.
struct LoadReport: Encodable, Equatable {
  /// Times at shares of all of them, in microseconds.
  struct Times: Encodable, Equatable {
    var count: Int
    var minimum: Double
    var mean: Double
    var p50: Double
    var p90: Double
    var p99: Double
    var p999: Double
    var maximum: Double

    /// Nil if there are none.
    init?(_ times: TimeRecord) {
      guard times.count > 0 else { return nil }
      func microseconds(_ nanoseconds: Double) -> Double { (nanoseconds / 10).rounded() / 100 }
      func share(_ percent: Double) -> Double { microseconds(Double(times.value(at: percent))) }
      count = Int(clamping: times.count)
      minimum = microseconds(Double(times.minimum))
      mean = microseconds(times.mean)
      p50 = share(50)
      p90 = share(90)
      p99 = share(99)
      p999 = share(99.9)
      maximum = microseconds(Double(times.maximum))
    }
  }

  struct Connections: Encodable, Equatable {
    var wanted: Int
    var active: Int
    var opened: Int
    var failed: Int
    /// Those on which both sides agreed to compress; nil: it was not asked for.
    var compressed: Int?
    /// Version and cipher; nil: they were not encrypted.
    var tls: String?
    var openedPerSecond: Double
    var handshakeMicroseconds: Times?
  }

  struct Messages: Encodable, Equatable {
    var sent: Int
    var received: Int
    var perSecond: Double
    var bytesPerSecond: Double
    var mismatched: Int
    var unexpected: Int
    var unanswered: Int
    var unsent: Int
  }

  struct Failure: Encodable, Equatable {
    var kind: String
    var count: Int
  }

  struct Close: Encodable, Equatable {
    var code: Int
    var by: String
    var count: Int
  }

  /// What decided when a message was sent.
  enum Mode: String, Encodable {
    /// A reply let the next one go; the times are round trips.
    case closedLoop = "closed-loop"
    /// The clock did; the times are counted from the instant at which the message was due.
    case paced
  }

  var url: String
  var mode: Mode
  /// Messages in flight on each connection, in a closed loop.
  var window: Int?
  /// Messages per second that were wanted, in paced mode.
  var rate: Double?
  var kind: String
  var sizes: String
  var replies: String
  var threads: Int
  var seconds: Double
  var interrupted: Bool
  var connections: Connections
  var messages: Messages
  var replyMicroseconds: Times?
  /// How long after they were due messages were sent, in paced mode.
  var lateMicroseconds: Times?
  var errors: [Failure]
  var closes: [Close]

  init(_ plan: LoadPlan, _ tally: LoadTally, wasInterrupted: Bool) {
    url = plan.url.description
    switch plan.pace {
    case .window(let window):
      mode = .closedLoop
      // Without replies there is no window: the connection takes what it can.
      self.window = plan.replies == .none ? nil : window
    case .rate(let rate):
      mode = .paced
      self.rate = rate
    }
    kind = plan.payload.kind == .text ? "text" : "binary"
    sizes = plan.payload.sizes.description
    replies = plan.replies.rawValue
    threads = plan.threadCount
    interrupted = wasInterrupted
    let seconds = tally.measured.lowerBound.duration(to: tally.measured.upperBound).inSeconds
    self.seconds = seconds
    connections = Connections(
      wanted: plan.connectionCount, active: plan.activeCount, opened: tally.openedCount,
      failed: tally.failedCount, compressed: plan.isCompressing ? tally.compressedCount : nil,
      tls: tally.tls, openedPerSecond: Self.openingRate(plan, tally, seconds),
      handshakeMicroseconds: Times(tally.handshakes))
    let expectsReplies = plan.replies != .none
    let count = expectsReplies ? tally.receivedCount : tally.sentCount
    let bytes = expectsReplies ? tally.receivedByteCount : tally.wireSentByteCount
    messages = Messages(
      sent: tally.sentCount, received: tally.receivedCount,
      perSecond: Self.rate(Double(count), seconds),
      bytesPerSecond: Self.rate(Double(bytes), seconds), mismatched: tally.mismatchCount,
      unexpected: tally.unexpectedCount, unanswered: tally.unansweredCount,
      unsent: tally.unsentCount)
    replyMicroseconds = Times(tally.latencies)
    lateMicroseconds = Times(tally.delays)
    errors = tally.failures.map { Failure(kind: $0.key.description, count: $0.value) }
      .sorted { ($1.count, $0.kind) < ($0.count, $1.kind) }
    closes = tally.closes.map {
      Close(code: Int($0.key.code.rawValue), by: $0.key.by.rawValue, count: $0.value)
    }
    .sorted { ($0.code, $0.by) < ($1.code, $1.by) }
  }

  /// Connections opened per second: over the measured time where they are opened again and again,
  /// else from the first that was begun to the last that was open.
  private static func openingRate(
    _ plan: LoadPlan, _ tally: LoadTally, _ seconds: Double
  ) -> Double {
    if plan.reconnectAfter != nil { return rate(Double(tally.measuredOpenedCount), seconds) }
    guard tally.openedCount > 0 else { return 0 }
    let opening = tally.firstBegun.duration(to: tally.lastOpened).inSeconds
    return rate(Double(tally.openedCount), opening)
  }

  private static func rate(_ amount: Double, _ seconds: Double) -> Double {
    seconds > 0 ? (amount / seconds * 100).rounded() / 100 : 0
  }
}
