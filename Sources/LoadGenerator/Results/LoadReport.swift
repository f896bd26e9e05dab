import Vocabulary
import WebSocketProtocol

/// The results of a load, under the names that `--json` has.
package struct LoadReport: Encodable, Equatable {
  /// Times at shares of all of them, in microseconds.
  package struct Times: Encodable, Equatable {
    /// How many times were measured.
    package var count: Int
    /// The shortest.
    package var minimum: Double
    /// Their mean.
    package var mean: Double
    /// The time that half of them took at most.
    package var p50: Double
    /// The time that 90 % of them took at most.
    package var p90: Double
    /// The time that 99 % of them took at most.
    package var p99: Double
    /// The time that 99.9 % of them took at most.
    package var p999: Double
    /// The longest.
    package var maximum: Double

    /// The shares of a record; nil if it is empty.
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

  /// The results of the connections.
  package struct Connections: Encodable, Equatable {
    /// How many were to be opened.
    package var wanted: Int
    /// How many of those were to send.
    package var active: Int
    /// How many were opened, at first and again.
    package var opened: Int
    /// How many could not be opened.
    package var failed: Int
    /// How many connections both sides agreed to compress; nil: it was not asked for.
    package var compressed: Int?
    /// Version and cipher; nil: they were not encrypted.
    package var tls: String?
    /// How many were opened per second.
    package var openedPerSecond: Double
    /// How long handshakes took; nil: none was completed.
    package var handshakeMicroseconds: Times?
  }

  /// The results of the messages of the measured time.
  package struct Messages: Encodable, Equatable {
    /// How many were sent in the measured time.
    package var sent: Int
    /// How many were received in the measured time.
    package var received: Int
    /// Messages per second: received, or sent if no replies are expected.
    package var perSecond: Double
    /// Bytes per second: of payload received, or of frames sent if no replies are expected.
    package var bytesPerSecond: Double
    /// Echoes that were not what had been sent.
    package var mismatched: Int
    /// Messages that came although none was asked for.
    package var unexpected: Int
    /// Messages without a reply when the load, or their connection, ended.
    package var unanswered: Int
    /// Messages that were due on a connection that was not open.
    package var unsent: Int
  }

  /// Connections that failed in the same way.
  package struct Failure: Encodable, Equatable {
    /// The failure; the text is the same for the same failure.
    package var kind: String
    /// How often.
    package var count: Int
  }

  /// Connections that ended in the same way.
  package struct Close: Encodable, Equatable {
    /// The close code.
    package var code: Int
    /// The side that closed, `client` or `server`.
    package var by: String
    /// How often.
    package var count: Int
  }

  /// The rule by which messages were sent.
  package enum Mode: String, Encodable {
    /// A reply let the next one go; the times are round trips.
    case closedLoop = "closed-loop"
    /// The clock let messages go; times are counted from the instant at which a message was due.
    case paced
  }

  /// The URL of the handshakes.
  package var url: String
  /// The rule by which messages were sent.
  package var mode: Mode
  /// Messages in flight on each connection, in a closed loop.
  package var window: Int?
  /// Messages per second that were wanted, in paced mode.
  package var rate: Double?
  /// The kind of the messages, `text` or `binary`.
  package var kind: String
  /// The sizes of the messages, for people.
  package var sizes: String
  /// The answers that were expected.
  package var replies: String
  /// How many threads there were.
  package var threads: Int
  /// The measured time.
  package var seconds: Double
  /// Whether a signal ended the load early.
  package var interrupted: Bool
  /// The results of the connections.
  package var connections: Connections
  /// The results of the messages.
  package var messages: Messages
  /// How long replies took; nil: none came.
  package var replyMicroseconds: Times?
  /// How long after they were due messages were sent, in paced mode.
  package var lateMicroseconds: Times?
  /// The failures of connections, the commonest first.
  package var errors: [Failure]
  /// The ends of connections, by code.
  package var closes: [Close]

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
  /// else from the beginning of the first to the opening of the last.
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
