internal import ControlProtocol
internal import EventLoop
internal import Vocabulary
internal import WebSocketEngine

/// A question for a window of the session table, answered over as many turns as it takes.
///
/// Confined to the control reactor.
final class WindowQuestion {
  /// How many sessions of the window are read before the clock is.
  private static let sliceCount = 64

  private unowned let observer: Observer
  private let query: SessionQuery
  private let filter: SessionFilter
  /// The order of the table, with the sessions that were closed when the question was asked.
  private let order: SessionOrder
  private var walk: SessionWalk
  private var closedPlace = 0
  private var found: [SessionCandidate]
  /// The window, once all sessions were looked at, with the sessions whose numbers were read.
  private var window: SessionWindow?
  private var windowCandidates: ArraySlice<SessionCandidate> = []
  /// The time that answering took so far.
  private(set) var cost = Duration.zero

  init(
    _ observer: Observer, _ query: SessionQuery, _ filter: SessionFilter, order: SessionOrder,
    reusing memory: [SessionCandidate]
  ) {
    self.observer = observer
    self.query = query
    self.filter = filter
    self.order = order
    found = memory
    walk = SessionWalk(asking: filter)
  }

  /// Goes on until a moment, and gives the window if that was the end.
  func step(until deadline: Instant) -> SessionWindow? {
    let began = SystemClock.monotonic()
    defer { cost += began.duration(to: SystemClock.monotonic()) }
    guard !query.show.hasLive || lookAtLive(until: deadline),
      !query.show.hasClosed || lookAtClosed(until: deadline)
    else { return nil }
    if window == nil {
      sort()
      // The turn goes on for a window that shows rooms, so that they are wished for in one turn.
      if !query.wantsRooms, SystemClock.monotonic() >= deadline { return nil }
    }
    while let candidate = windowCandidates.popFirst() {
      // Numbers are read again, as fresh as can be; sessions closed meanwhile are left out.
      if let session = observer.observed(candidate, for: query, closed: order.observation.closed) {
        window?.sessions.append(session)
      }
      if windowCandidates.count % Self.sliceCount == 0, !query.wantsRooms,
        SystemClock.monotonic() >= deadline
      {
        return nil
      }
    }
    if filter.looksAtRooms || query.sort == .rooms { observer.rooms.want() }
    return window
  }

  private func sort() {
    let (offset, candidates, place) = order.window(of: found)
    window = SessionWindow(
      total: found.count, offset: offset, sessions: [], moment: order.observation.moment,
      place: place,
      hasRates: observer.wantsRates(query, filter) ? observer.meter.isWarm : nil)
    window?.sessions.reserveCapacity(candidates.count)
    windowCandidates = candidates[...]
    observer.giveBack(found)
    found = []
  }

  private func lookAtLive(until deadline: Instant) -> Bool {
    let observation = order.observation
    let now = observation.moment.seconds
    return walk.go(over: observation.mirrors, until: deadline) { reactor, record, sample in
      let session = observation.session(.live(reactor: reactor, record: record), sample)
      guard filter.matches(session, now: now) else { return }
      found.append(
        SessionCandidate(
          place: session.place, id: session.id, number: order.number(of: session)))
    }
  }

  private func lookAtClosed(until deadline: Instant) -> Bool {
    let sliceCount = SessionWalk.sliceCount(asking: filter)
    let observation = order.observation
    while closedPlace < observation.closed.count {
      let session = observation.session(
        .closed(closedPlace), observation.closed[closedPlace].sample)
      if filter.matches(session, now: observation.moment.seconds) {
        found.append(
          SessionCandidate(
            place: session.place, id: session.id, number: order.number(of: session)))
      }
      closedPlace += 1
      if closedPlace % sliceCount == 0, SystemClock.monotonic() >= deadline { return false }
    }
    return true
  }
}

@available(*, unavailable)
extension WindowQuestion: Sendable {}
