internal import ControlProtocol
internal import Vocabulary
internal import WebSocketEngine

/// What passed in each of the last seconds, from differences of the engine's counts.
struct RateHistory {
  /// How many seconds are kept.
  static let capacity = 300

  /// The engine's counts at one moment.
  struct Totals {
    var messagesIn = 0
    var messagesOut = 0
    var bytesIn = 0
    var bytesOut = 0
    var opened = 0
    var closed = 0
    var closed1000 = 0
    var closed1009 = 0
    var refused = 0
    var open = 0
  }

  private var samples = Ring<RateSample>(capacity: capacity)
  private var before: (totals: Totals, instant: Instant)

  /// No second has passed yet.
  init(startingAt instant: Instant, _ totals: Totals) {
    before = (totals, instant)
  }

  /// Another second has passed, or a little more.
  mutating func add(_ totals: Totals, at moment: Moment) {
    let seconds = before.instant.duration(to: moment.instant).inSeconds
    guard seconds > 0 else { return }
    let old = before.totals
    func rate(_ count: KeyPath<Totals, Int>) -> Double {
      Double(totals[keyPath: count] - old[keyPath: count]) / seconds
    }
    var sample = RateSample()
    sample.at = moment.seconds
    sample.messagesIn = rate(\.messagesIn)
    sample.messagesOut = rate(\.messagesOut)
    sample.bytesIn = rate(\.bytesIn)
    sample.bytesOut = rate(\.bytesOut)
    sample.opened = rate(\.opened)
    sample.closed = rate(\.closed)
    sample.closed1000 = rate(\.closed1000)
    sample.closed1009 = rate(\.closed1009)
    sample.refused = rate(\.refused)
    sample.open = totals.open
    samples.append(sample)
    before = (totals, moment.instant)
  }

  /// The last whole second; quiet before the first.
  var last: RateSample { samples.last ?? RateSample() }

  /// The last seconds, the oldest first.
  func suffix(seconds: Int) -> [RateSample] { samples.suffix(seconds) }
}

extension RateHistory.Totals {
  /// The counts of a server now.
  init(of server: Server) {
    for share in server.reactors {
      messagesIn += share.counters[.messagesIn]
      messagesOut += share.counters[.messagesOut]
      bytesIn += share.counters[.bytesIn]
      bytesOut += share.counters[.bytesOut]
      opened += share.counters[.opened]
      closed += share.counters[.closed]
      open += share.counters[.openNow]
    }
    let ledger = server.ledger.snapshot()
    for close in ledger.closes {
      if close.code == .normalClosure { closed1000 += close.count }
      if close.code == .messageTooBig { closed1009 += close.count }
    }
    refused = ledger.refusalCount
  }
}
