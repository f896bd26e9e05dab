import DequeModule
import EventLoop
import Vocabulary

// The parts of a turn around its events. Each part that may be long has a time of its own, after
// which the rest waits for the next turn, so that messages that come meanwhile are served between.

extension SessionReactor: ReactorDelegate {
  /// How long each part of a turn may take before the sockets get theirs again, looked at between
  /// two of its jobs.
  static let partDuration = Duration.milliseconds(2)
  /// The most sessions told to go away in one turn of a shutdown.
  static let maximumFarewellCount = 1000

  package func turnBegins() -> Bool {
    guard inbound.hasMore(in: handle) else { return false }
    let part = TurnPart()
    inbound.refill(from: handle)
    while let command = inbound.next(in: handle) {
      command(self)
      guard part.goesOn() else { break }
    }
    let missed = handle.missedDeliveries.take()
    if missed > 0 { counters.add(missed, to: .droppedMessages) }
    resumeSendersEverywhere()
    return true
  }

  /// Tells the reactors with waiting sessions that these may send broadcasts here again.
  private func resumeSendersEverywhere() {
    var waiting = handle.takeWaitingReactors()
    while waiting != 0 {
      let index = waiting.trailingZeroBitCount
      waiting &= waiting - 1
      // The message is urgent, as sessions are held until it arrives.
      server.reactors[index].post(isUrgent: true) { $0.resumeSenders() }
    }
  }

  package func turnEnds() -> Bool {
    if handle.executor.hasJobs {
      isInJobs = true
      let part = TurnPart()
      handle.executor.runJobs(while: part.goesOn)
      isInJobs = false
    }
    settleCork()
    if handshakes.change({ !$0.isEmpty }) {
      for opening in handshakes.change({ $0.takeTurn() }) { opening.secure() }
    }
    runPendingWork()
    counters.add(reactor.turnCount - counters[.turns], to: .turns)
    counters.add(reactor.slowTurnCount - counters[.slowTurns], to: .slowTurns)
    return work.change { !$0.isEmpty } || handshakes.change { !$0.isEmpty }
      || handle.executor.hasJobs || inbound.hasMore(in: handle)
      || broadcasts.change { $0.isUnderWay }
  }

  package func handlerWasSlow(_ handler: any ReactorHandler) {
    guard let leg = handler as? Leg else { return }
    server.notices.post(.slowHandler(route: leg.routePattern))
  }

  package func turnWasSlow(_ part: ReactorTurnPart) { server.notices.post(.slowTurn(part)) }

  private func runPendingWork() {
    guard work.change({ !$0.isEmpty }) || broadcasts.change({ $0.isUnderWay }) else {
      return settleMemory()
    }
    serve(\.lost) { $0.connectionLost() }
    serve(\.slow) { $0.closeSlowConsumer() }
    sayFarewells()
    serveLine()
    serveOpenings()
    serveBroadcasts()
    serve(\.dirty) { leg in
      leg.marks.remove(.dirty)
      leg.flushOutput()
    }
    serve(\.terminated) { $0.removed() }
    settleMemory()
  }

  /// Removes the rest of the sessions that have ended: no turn comes any more that could go on.
  func removeTerminated() {
    while work.change({ !$0.terminated.isEmpty }) { serve(\.terminated) { $0.removed() } }
    memory.publish(to: server.admission.buffered)
  }

  /// Does a body for some legs, for as long as a part of the turn may take; the rest stays first.
  private func serve(_ legs: WritableKeyPath<PendingWork, [Leg]>, _ body: (Leg) -> Void) {
    var taken: [Leg] = []
    work.change { swap(&taken, &$0[keyPath: legs]) }
    guard !taken.isEmpty else { return }
    var rest = taken[...]
    let part = TurnPart()
    while let leg = rest.popFirst() {
      body(leg)
      if rest.count & 15 == 0, !part.goesOn() { break }
    }
    guard !rest.isEmpty else { return }
    work.change { $0[keyPath: legs].insert(contentsOf: rest, at: 0) }
  }

  /// Sends broadcasts under way to the members of rooms, some of them a turn.
  private func serveBroadcasts() {
    guard broadcasts.change({ $0.isUnderWay }) else { return }
    let part = TurnPart()
    repeat { deliverMore() } while broadcasts.change { $0.isUnderWay } && part.goesOn()
    resumeSendersEverywhere()
  }

  private func sayFarewells() {
    guard work.change({ !$0.farewells.isEmpty }) else { return }
    let part = TurnPart()
    for _ in 0..<Self.maximumFarewellCount {
      guard let session = work.change({ $0.farewells.popFirst() }) else { return }
      session.closeAtOnce(.goingAway, reason: "", by: .shutdown)
      guard part.goesOn() else { return }
    }
  }

  /// Lets sessions go on that hold input, each for a turn's worth; one that is not done goes to the
  /// end.
  private func serveLine() {
    let part = TurnPart()
    // The count is fixed before, since sessions that line up meanwhile have had their turn.
    for _ in 0..<work.change({ $0.line.count }) {
      guard let leg = work.change({ $0.line.popFirst() }) else { return }
      leg.takeTurn()
      guard part.goesOn() else { return }
    }
  }

  /// Lets connections that are no sessions yet act on events that came late in a turn.
  private func serveOpenings() {
    guard work.change({ !$0.openings.isEmpty }) else { return }
    let part = TurnPart()
    while let opening = work.change({ $0.openings.popFirst() }) {
      opening.takeTurn()
      guard part.goesOn() else { return }
    }
  }

  /// Publishes the bytes that the sessions hold; over `buffered-bytes` the session with the largest
  /// holding is closed.
  private func settleMemory() {
    memory.publish(to: server.admission.buffered)
    if handle.largestHolding.load() != memory.largestClass {
      handle.largestHolding.store(memory.largestClass)
    }
    guard server.admission.buffered.byteCount > limits.engine.bufferedByteCount else { return }
    relieveMemory()
  }

  /// The most sessions that end in one turn because memory is short.
  static let maximumRelievedCount = 64

  /// Ends the sessions with the largest holdings, or wakes the reactor that has them.
  private func relieveMemory() {
    let account = server.admission.buffered
    for _ in 0..<Self.maximumRelievedCount
    where account.byteCount > limits.engine.bufferedByteCount {
      guard endLargestHolder() else { return }
      memory.publish(to: account)
    }
    // The mailbox wakes the loop, so that further sessions end in a turn of their own.
    if account.byteCount > limits.engine.bufferedByteCount { handle.mailbox.wake() }
  }

  /// - Returns: false if no session here holds as much as one elsewhere.
  private func endLargestHolder() -> Bool {
    let others = server.reactors.filter { $0 !== handle }
    if let holder = others.max(by: { $0.largestHolding.load() < $1.largestHolding.load() }),
      holder.largestHolding.load() > memory.largestClass
    {
      holder.mailbox.wake()
      return false
    }
    guard let largest = memory.largestHolder else { return false }
    largest.closeAtOnce(
      .policyViolation, reason: "out of buffer memory", by: .limit(.bufferedBytes))
    largest.receiver.change { $0.discardInput() }
    largest.account()
    return true
  }
}
