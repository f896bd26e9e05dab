package import Vocabulary

/// An object that owns a descriptor watched by a reactor.
package protocol ReactorHandler: AnyObject {
  /// The descriptor is ready; called on the reactor's thread.
  func handle(_ readiness: Readiness)
  /// A deadline set for the registration has passed, or an earlier one that was since moved.
  func handleDeadline()
}

/// The delegate that a reactor calls before and after the events of a turn.
package protocol ReactorDelegate: AnyObject {
  /// Called after waiting and before any descriptor is handled: commands from outside take effect.
  ///
  /// - Returns: whether there were any, so that time may have passed.
  func turnBegins() -> Bool
  /// Called after all events and deadlines: output is flushed, closed things are freed.
  ///
  /// - Returns: whether work is left that must not wait for an event.
  func turnEnds() -> Bool
  /// Called when a handler kept all others waiting for longer than `Reactor.slowTurnDuration`, by
  /// an event or a deadline.
  func handlerWasSlow(_ handler: any ReactorHandler)
  /// Called when a part of the turn took longer than that, though none of its handlers did alone.
  func turnWasSlow(_ part: ReactorTurnPart)
}

/// A part of a reactor's turn, in their order.
package enum ReactorTurnPart: String, Hashable, Sendable, CaseIterable {
  /// Commands from other threads.
  case commands
  /// Events of sockets.
  case events
  /// Deadlines that passed.
  case deadlines
  /// Work left: tasks of handlers, output, sessions that end.
  case work
}

extension ReactorDelegate {
  /// Does nothing.
  package func handlerWasSlow(_ handler: any ReactorHandler) {}
  /// Does nothing.
  package func turnWasSlow(_ part: ReactorTurnPart) {}
}

/// One thread's event loop: wait, drain the mailboxes, handle descriptors, pass deadlines, flush.
///
/// Confined to the thread that makes and runs it. From outside, only mailboxes whose descriptor it
/// watches reach it.
package final class Reactor {
  /// A watched descriptor's place; stale ones are harmless, since the generation is compared.
  package struct Registration: Hashable, Sendable {
    /// The place's index and its generation, as they stand in epoll's user data.
    package let token: UInt64

    fileprivate var slot: Int { Int(token & 0xFFFF_FFFF) }
    fileprivate var generation: UInt32 { UInt32(truncatingIfNeeded: token >> 32) }

    /// The place of nothing, for which every call is without effect.
    package static let none = Registration(token: .max)

    fileprivate init(slot: Int, generation: UInt32) {
      token = UInt64(generation) << 32 | UInt64(UInt32(truncatingIfNeeded: slot))
    }

    fileprivate init(token: UInt64) {
      self.token = token
    }
  }

  /// The time at which this turn began; read once a turn.
  package var now: Instant { state.value.now }
  /// How long the turn had gone on when its last event was handled, in nanoseconds.
  package var spentNanoseconds: Int64 { state.value.spentNanoseconds }
  /// Turns so far.
  package var turnCount: Int { state.value.turnCount }
  /// Turns that took longer than `slowTurnDuration`.
  package var slowTurnCount: Int { state.value.slowTurnCount }
  /// The duration from which on a turn counts as slow: a handler blocked the loop.
  package static let slowTurnDuration = Duration.milliseconds(100)
  private static let slowTurnNanoseconds = slowTurnDuration.wholeNanoseconds
  /// How long passed deadlines may take in one turn; the rest waits for the next.
  private static let deadlineNanoseconds = Duration.milliseconds(2).wholeNanoseconds

  /// The values that every turn changes.
  private struct State: BitwiseCopyable {
    var now: Instant
    var spentNanoseconds: Int64 = 0
    var turnCount = 0
    var slowTurnCount = 0
    var isStopping = false
    var hasRetiredSlots = false
    /// The latest time at which the wheel has to be looked at again.
    var nextDeadline = Instant(nanoseconds: .max)
    /// The time at which the timer wakes a wait; during a wait, at or before `nextDeadline`.
    var nextAlarm = Instant(nanoseconds: .max)
  }

  private let epoll: Epoll
  // `timer` ends the wait for a deadline. Rejected: a time limit on each wait, for which the kernel
  // sets and cancels a timer, up to 7 % of an echo's cost, though hardly ever does one pass.
  private let timer: Timer
  private let state: UncheckedConfined<State>
  private var deadlines: Deadlines
  // `handlers` and `generations` are apart, since together a slot would take 24 bytes for its 20.
  private var handlers: [(any ReactorHandler)?] = []
  private var generations: [UInt32] = []
  private var freeSlots: [Int] = []
  /// Slots freed in this turn: reused only in the next one, so that an event of the same wait
  /// cannot meet a new owner.
  private var retiredSlots: [Int] = []
  private static let wakeUpToken = UInt64.max
  private static let alarmToken = UInt64.max - 1

  /// A reactor that watches nothing.
  ///
  /// - Throws: `SystemError` if the system has no descriptor left.
  package init() throws(SystemError) {
    epoll = try Epoll()
    timer = try Timer()
    try epoll.add(timer.descriptor, for: [.readable, .edgeTriggered], token: Self.alarmToken)
    let now = SystemClock.monotonic()
    state = UncheckedConfined(State(now: now))
    deadlines = Deadlines(startingAt: now)
  }

  /// Wakes this reactor whenever the mailbox gets a message; the delegate then drains it.
  package func watch<Message>(_ mailbox: Mailbox<Message>) throws(SystemError) {
    try epoll.add(mailbox.descriptor, for: [.readable, .edgeTriggered], token: Self.wakeUpToken)
  }

  /// Watches a descriptor.
  ///
  /// - Throws: `SystemError` if the kernel refuses, such as ENOSPC.
  package func register(
    _ handler: any ReactorHandler, descriptor: Int32, for interest: Interest
  ) throws(SystemError) -> Registration {
    let registration = registerTimer(handler)
    do throws(SystemError) {
      try epoll.add(descriptor, for: interest, token: registration.token)
    } catch {
      unregister(registration)
      throw error
    }
    return registration
  }

  /// Changes the events that a descriptor is watched for.
  package func change(
    _ registration: Registration, descriptor: Int32, to interest: Interest
  ) throws(SystemError) {
    try epoll.change(descriptor, to: interest, token: registration.token)
  }

  /// A registration for deadlines alone, without a descriptor.
  package func registerTimer(_ handler: any ReactorHandler) -> Registration {
    let slot: Int
    if let free = freeSlots.popLast() {
      slot = free
      handlers[slot] = handler
      generations[slot] &+= 1
    } else {
      slot = handlers.count
      handlers.append(handler)
      generations.append(0)
    }
    return Registration(slot: slot, generation: generations[slot])
  }

  /// Stops watching a descriptor that stays open, and forgets it.
  package func unwatch(_ registration: Registration, descriptor: Int32) {
    guard isCurrent(registration) else { return }
    // The descriptor is registered, so the kernel has no reason to refuse.
    try? epoll.remove(descriptor)
    unregister(registration)
  }

  /// Hands the events and deadlines of a registration to another object from here on.
  package func replaceHandler(of registration: Registration, with handler: any ReactorHandler) {
    guard isCurrent(registration) else { return }
    handlers[registration.slot] = handler
  }

  /// Forgets a descriptor; the caller closes it, which also takes it out of the kernel's list.
  ///
  /// Events and deadlines of the registration that still come are dropped.
  package func unregister(_ registration: Registration) {
    guard isCurrent(registration) else { return }
    handlers[registration.slot] = nil
    retiredSlots.append(registration.slot)
    state.change { $0.hasRetiredSlots = true }
  }

  /// Calls the handler once the instant has passed, up to 20 ms late.
  package func setDeadline(_ instant: Instant, for registration: Registration) {
    deadlines.set(registration.token, at: instant)
    updateNextDeadline()
  }

  /// How many deadlines wait, those that were since moved included.
  package var deadlineCount: Int { deadlines.count }

  /// Ends `run` with this turn.
  package func stop() {
    state.change { $0.isStopping = true }
  }

  /// Turns until `stop` is called; then every handler is let go.
  package func run(_ delegate: some ReactorDelegate) {
    var hasWork = false
    while !state.value.isStopping {
      if !hasWork { setTimer() }
      let count = epoll.wait(milliseconds: hasWork ? 0 : nil)
      let now = SystemClock.monotonic()
      state.change { state in
        state.now = now
        state.turnCount &+= 1
        state.spentNanoseconds = 0
      }
      // Clocks are read only after calls that may have taken time: a turn is often one small
      // message.
      let began = delegate.turnBegins() ? SystemClock.monotonic() : now
      if Self.isSlow(from: now, to: began) { delegate.turnWasSlow(.commands) }
      let eventsEnded = handleEvents(count, from: began, delegate)
      let deadlinesEnded = passDeadlines(until: now, from: eventsEnded, delegate)
      hasWork = delegate.turnEnds() || deadlines.hasPassed
      if state.value.hasRetiredSlots {
        state.change { $0.hasRetiredSlots = false }
        freeSlots.append(contentsOf: retiredSlots)
        retiredSlots.removeAll(keepingCapacity: true)
      }
      let ended = SystemClock.monotonic()
      if Self.isSlow(from: now, to: ended) {
        state.change { $0.slowTurnCount &+= 1 }
        if Self.isSlow(from: deadlinesEnded, to: ended) { delegate.turnWasSlow(.work) }
      }
    }
    // Handlers mostly own the reactor in some way: nothing else would cut the cycle.
    for slot in handlers.indices { handlers[slot] = nil }
  }

  private static func isSlow(from start: Instant, to end: Instant) -> Bool {
    end.nanoseconds &- start.nanoseconds > slowTurnNanoseconds
  }

  /// Handles the events of a wait, and gives the time at which that ended.
  private func handleEvents(
    _ count: Int, from start: Instant, _ delegate: some ReactorDelegate
  ) -> Instant {
    var began = start
    var hasSlowHandler = false
    for index in 0..<count {
      let (token, readiness) = epoll.event(index)
      guard token < Self.alarmToken else {
        // The alarm is known by its event, not by the time, which two clocks may tell differently.
        if token == Self.alarmToken { state.change { $0.nextAlarm = Instant(nanoseconds: .max) } }
        continue
      }
      guard let handler = handler(of: token) else { continue }
      handler.handle(readiness)
      let ended = SystemClock.monotonic()
      if Self.isSlow(from: began, to: ended) {
        hasSlowHandler = true
        delegate.handlerWasSlow(handler)
      }
      began = ended
      state.change { $0.spentNanoseconds = ended.nanoseconds &- $0.now.nanoseconds }
    }
    if !hasSlowHandler, Self.isSlow(from: start, to: began) { delegate.turnWasSlow(.events) }
    return began
  }

  /// Calls the handlers whose deadline has passed, for as long as the turn has time for them, and
  /// gives the time at which that ended.
  private func passDeadlines(
    until now: Instant, from start: Instant, _ delegate: some ReactorDelegate
  ) -> Instant {
    guard now >= state.value.nextDeadline || deadlines.hasPassed else { return start }
    deadlines.advance(to: now) { [handlers, generations] token in
      let registration = Registration(token: token)
      return registration.slot < handlers.count
        && generations[registration.slot] == registration.generation
        && handlers[registration.slot] != nil
    }
    var began = start
    while let token = deadlines.takePassed() {
      guard let handler = handler(of: token) else { continue }
      handler.handleDeadline()
      let ended = SystemClock.monotonic()
      if Self.isSlow(from: began, to: ended) { delegate.handlerWasSlow(handler) }
      began = ended
      if ended.nanoseconds &- start.nanoseconds > Self.deadlineNanoseconds { break }
    }
    updateNextDeadline()
    return began
  }

  private func handler(of token: UInt64) -> (any ReactorHandler)? {
    let registration = Registration(token: token)
    return isCurrent(registration) ? handlers[registration.slot] : nil
  }

  private func isCurrent(_ registration: Registration) -> Bool {
    registration.slot < handlers.count
      && generations[registration.slot] == registration.generation
      && handlers[registration.slot] != nil
  }

  /// Sets the timer for the next deadline; a deadline moved later is left to wake a wait too early,
  /// once.
  private func setTimer() {
    let next = state.value.nextDeadline
    guard next < state.value.nextAlarm else { return }
    timer.set(at: next)
    state.change { $0.nextAlarm = next }
  }

  private func updateNextDeadline() {
    let next = deadlines.nextWakeUp(after: now) ?? Instant(nanoseconds: .max)
    state.change { $0.nextDeadline = next }
  }
}

@available(*, unavailable)
extension Reactor: Sendable {}
