internal import ControlProtocol
internal import EventLoop
internal import Vocabulary
internal import WebSocketEngine

/// A walk over the records of all live sessions that is interrupted when its time is over, and goes
/// on from its place.
///
/// Sessions that open or close meanwhile may be met or not.
struct SessionWalk {
  private var reactor = 0
  private var record = 0
  /// How many records are looked at before the clock is.
  private let sliceCount: Int

  /// A walk that begins.
  ///
  /// - Parameter filter: the filter for each session; one about long texts takes longer.
  init(asking filter: SessionFilter = SessionFilter()) {
    sliceCount = Self.sliceCount(asking: filter)
  }

  /// How many sessions are looked at before the clock is.
  static func sliceCount(asking filter: SessionFilter) -> Int { filter.looksAtTexts ? 8 : 64 }

  /// Goes on until a moment.
  ///
  /// - Parameter body: is given the place of a session's reactor, its record and its numbers.
  /// - Returns: whether the walk is over.
  mutating func go(
    over mirrors: [SessionMirror], until deadline: Instant,
    _ body: (_ reactor: Int, _ record: Int, SessionSample) -> Void
  ) -> Bool {
    while reactor < mirrors.count {
      let (index, mirror) = (reactor, mirrors[reactor])
      while record < mirror.recordCount {
        let slice = record..<min(record + sliceCount, mirror.recordCount)
        mirror.forEach(in: slice) { body(index, $0, $1) }
        record = slice.upperBound
        if SystemClock.monotonic() >= deadline { return false }
      }
      reactor += 1
      record = 0
    }
    return true
  }
}

/// A search among all live sessions, over as many turns as it takes.
final class SessionSearch<Found> {
  private unowned let observer: Observer
  private var walk: SessionWalk
  private var found: Found
  private let look: (inout Found, _ reactor: Int, _ record: Int, SessionSample) -> Void

  /// A search that begins.
  init(
    _ observer: Observer, asking filter: SessionFilter, into found: Found,
    _ look: @escaping (inout Found, _ reactor: Int, _ record: Int, SessionSample) -> Void
  ) {
    self.observer = observer
    self.found = found
    self.look = look
    walk = SessionWalk(asking: filter)
  }

  /// Goes on until a moment, and gives the result if that was the end.
  func step(until deadline: Instant) -> Found? {
    let isOver = walk.go(over: observer.mirrors, until: deadline) { look(&found, $0, $1, $2) }
    return isOver ? found : nil
  }
}

@available(*, unavailable)
extension SessionSearch: Sendable {}
