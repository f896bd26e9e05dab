internal import ControlProtocol
internal import Vocabulary
internal import WebSocketEngine

/// The rates of each session in the last second, from differences of its counts between two ticks.
///
/// A tick walks every record once, as every snapshot of a watch does, and only while a client looks.
/// It is confined to the control reactor; nothing of it is on the data path. Memory is 48 bytes for
/// each session that was ever open at once, given back when no client looks any more.
final class RateMeter {
  /// How long rates are measured after the last request for them.
  static let patience = Duration.seconds(10)
  /// The shortest time that makes a meaningful rate.
  private static let shortestSpan = Duration.milliseconds(400)

  /// The counts of a session at the last tick, and its rates between the last two.
  private struct Entry {
    var id = SessionID(rawValue: 0)
    // Differences of these counts are right also where they wrap around.
    var messagesIn: UInt32 = 0
    var messagesOut: UInt32 = 0
    var bytesIn = 0
    var bytesOut = 0
    var rates = SIMD4<Float>()
  }

  /// The entries, by reactor, then by the index of the record.
  private var tables: [[Entry]] = []
  /// The time of the counts; nil while no client looks.
  private var sampledAt: Instant?
  private var wantedUntil: Instant?
  /// Whether the rates are known.
  private(set) var isWarm = false

  /// A meter that measures nothing yet.
  init() {}

  /// Whether it walks the sessions at each tick.
  var isMeasuring: Bool { sampledAt != nil }

  /// How many bytes its tables take.
  var byteCount: Int { tables.reduce(0) { $0 + $1.count * MemoryLayout<Entry>.stride } }

  /// Has rates measured: they are known from the tick after the next second on.
  func want(_ handles: [ReactorHandle], at now: Instant) {
    wantedUntil = now.advanced(by: Self.patience)
    if sampledAt == nil { sample(handles, at: now) }
  }

  /// Takes the counts of another second.
  func tick(_ handles: [ReactorHandle], at now: Instant) {
    guard let sampledAt, let wantedUntil else { return }
    guard now <= wantedUntil else { return forget() }
    if sampledAt.duration(to: now) >= Self.shortestSpan { sample(handles, at: now) }
  }

  /// The rates of a session; nil while they are not known.
  func rates(of id: SessionID, reactor: Int, record: Int) -> SessionRates? {
    guard let measured = measured(id, reactor, record) else { return nil }
    var rates = SessionRates()
    rates.messagesIn = Double(measured[0])
    rates.messagesOut = Double(measured[1])
    rates.bytesIn = Double(measured[2])
    rates.bytesOut = Double(measured[3])
    return rates
  }

  /// The rates of a session; nil while they are not known.
  @inline(__always)
  private func measured(_ id: SessionID, _ reactor: Int, _ record: Int) -> SIMD4<Float>? {
    guard isWarm, reactor < tables.count, record < tables[reactor].count,
      tables[reactor][record].id == id
    else { return nil }
    return tables[reactor][record].rates
  }

  private func forget() {
    tables = []
    sampledAt = nil
    wantedUntil = nil
    isWarm = false
  }

  private func sample(_ handles: [ReactorHandle], at now: Instant) {
    let seconds = sampledAt.map { Float($0.duration(to: now).inSeconds) }
    if tables.count != handles.count { tables = handles.map { _ in [] } }
    for (index, handle) in handles.enumerated() {
      var table: [Entry] = []
      swap(&table, &tables[index])
      handle.slab.forEachOpen { record, sample in
        let missing = record + 1 - table.count
        if missing > 0 { table.append(contentsOf: repeatElement(Entry(), count: missing)) }
        Self.take(sample, into: &table[record], over: seconds)
      }
      swap(&table, &tables[index])
    }
    isWarm = seconds != nil
    sampledAt = now
  }

  private static func take(_ sample: SessionSample, into entry: inout Entry, over seconds: Float?) {
    // A record's new owner was opened since the last tick: all its counts are of this second.
    if entry.id != sample.identity.id { entry = Entry() }
    let messagesIn = UInt32(truncatingIfNeeded: sample.messagesIn)
    let messagesOut = UInt32(truncatingIfNeeded: sample.messagesOut)
    if let seconds, seconds > 0 {
      entry.rates =
        SIMD4(
          Float(messagesIn &- entry.messagesIn), Float(messagesOut &- entry.messagesOut),
          Float(max(0, sample.bytesIn &- entry.bytesIn)),
          Float(max(0, sample.bytesOut &- entry.bytesOut))) / seconds
    }
    entry.id = sample.identity.id
    entry.messagesIn = messagesIn
    entry.messagesOut = messagesOut
    entry.bytesIn = sample.bytesIn
    entry.bytesOut = sample.bytesOut
  }
}

@available(*, unavailable)
extension RateMeter: Sendable {}
