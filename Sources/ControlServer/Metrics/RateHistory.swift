internal import ControlProtocol
internal import Vocabulary
internal import WebSocketEngine

/// The rates of the last minutes, hour and day, from differences of the engine's counts.
///
/// Three rings keep seconds, averages of 10 seconds and of 4 minutes; none grows.
struct RateHistory {
  /// How many seconds are kept.
  static let capacity = 300
  /// How many averages of longer steps are kept: an hour's and a day's.
  static let coarseCapacity = 360

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

  /// A ring of averages over one length of time.
  fileprivate struct Level {
    var step: Duration
    var samples: Ring<RateSample>
    var before: (totals: Totals, instant: Instant)
  }

  private var seconds: Level
  private var tenSeconds: Level
  private var fourMinutes: Level

  /// Begins with the counts of now, before the first second.
  init(startingAt instant: Instant, _ totals: Totals) {
    func level(_ window: TrafficWindow, _ capacity: Int) -> Level {
      Level(
        step: .seconds(window.stepSeconds), samples: Ring(capacity: capacity),
        before: (totals, instant))
    }
    seconds = level(.fiveMinutes, Self.capacity)
    tenSeconds = level(.hour, Self.coarseCapacity)
    fourMinutes = level(.day, Self.coarseCapacity)
  }

  /// Adds the counts after another second, or a little more.
  mutating func add(_ totals: Totals, at moment: Moment) {
    seconds.add(totals, at: moment)
    // `addIfDue` allows for half a second, since the caller's clock is not exact to the step.
    tenSeconds.addIfDue(totals, at: moment)
    fourMinutes.addIfDue(totals, at: moment)
  }

  /// The samples of a span, the oldest first.
  func samples(_ window: TrafficWindow) -> [RateSample] {
    let level =
      switch window {
      case .minute, .fiveMinutes: seconds
      case .hour: tenSeconds
      case .day: fourMinutes
      }
    return level.samples.suffix(window.seconds / window.stepSeconds)
  }

  /// The last whole second; zeros before the first.
  var last: RateSample { seconds.samples.last ?? RateSample() }

  /// The last seconds, the oldest first.
  func suffix(seconds: Int) -> [RateSample] { self.seconds.samples.suffix(seconds) }
}

extension RateHistory.Level {
  /// Adds a sample if the step is over, or so nearly that the next call would be late.
  fileprivate mutating func addIfDue(_ totals: RateHistory.Totals, at moment: Moment) {
    guard before.instant.duration(to: moment.instant) >= step - .milliseconds(500) else { return }
    add(totals, at: moment)
  }

  fileprivate mutating func add(_ totals: RateHistory.Totals, at moment: Moment) {
    let seconds = before.instant.duration(to: moment.instant).inSeconds
    guard seconds > 0 else { return }
    let old = before.totals
    func rate(_ count: KeyPath<RateHistory.Totals, Int>) -> Double {
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
}

extension RateHistory.Totals {
  /// The counts of a server now.
  init(of server: Server) {
    for handle in server.reactors {
      messagesIn += handle.counters[.messagesIn]
      messagesOut += handle.counters[.messagesOut]
      bytesIn += handle.counters[.bytesIn]
      bytesOut += handle.counters[.bytesOut]
      opened += handle.counters[.opened]
      closed += handle.counters[.closed]
      open += handle.counters[.openNow]
    }
    let ledger = server.ledger.snapshot()
    for close in ledger.closes {
      if close.code == .normalClosure { closed1000 += close.count }
      if close.code == .messageTooBig { closed1009 += close.count }
    }
    refused = ledger.refusalCount
  }
}
