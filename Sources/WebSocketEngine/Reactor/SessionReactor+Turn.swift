import DequeModule
import EventLoop
import Vocabulary

// What surrounds the events of a turn. Each part that may be much has a time of its own, after which
// the rest waits for the next turn, so that those whose messages come meanwhile are served between.

extension SessionReactor: ReactorDelegate {
  /// How long each part of a turn may take before the sockets get theirs again, looked at between
  /// two things to do.
  static let partDuration = Duration.milliseconds(4)
  /// The most sessions told to go away in one turn of a shutdown.
  static let maximumFarewellCount = 1000

  package func turnBegins() -> Bool {
    guard inbound.hasMore(in: share) else { return false }
    let part = TurnPart()
    inbound.refill(from: share)
    while let command = inbound.next(in: share) {
      command(self)
      guard part.goesOn() else { break }
    }
    let missed = share.missedDeliveries.take()
    if missed > 0 { counters.add(missed, to: .droppedMessages) }
    resumeSendersElsewhere()
    return true
  }

  /// Tells other reactors that their sessions may send broadcasts here again.
  private func resumeSendersElsewhere() {
    var waiting = share.takeWaitingReactors()
    while waiting != 0 {
      let index = waiting.trailingZeroBitCount
      waiting &= waiting - 1
      // Urgent: sessions are held until it arrives.
      server.reactors[index].post(isUrgent: true) { $0.resumeSenders() }
    }
  }

  package func turnEnds() -> Bool {
    if share.executor.hasJobs {
      isInJobs = true
      let part = TurnPart()
      share.executor.runJobs(while: part.goesOn)
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
      || share.executor.hasJobs || inbound.hasMore(in: share)
  }

  package func handlerWasSlow(_ handler: any ReactorHandler) {
    guard let session = handler as? Session else { return }
    server.notices.post(.slowHandler(route: session.route.pattern))
  }

  package func turnWasSlow(_ part: ReactorTurnPart) { server.notices.post(.slowTurn(part)) }

  private func runPendingWork() {
    guard work.change({ !$0.isEmpty }) else { return settleMemory() }
    for session in take(\.lost) { session.connectionLost() }
    for session in take(\.slow) { session.closeSlowConsumer() }
    sayFarewells()
    serveLine()
    flushDirty()
    for session in take(\.terminated) { remove(session) }
    settleMemory()
  }

  private func take(_ sessions: WritableKeyPath<PendingWork, [Session]>) -> [Session] {
    work.change { work in
      var taken: [Session] = []
      swap(&taken, &work[keyPath: sessions])
      return taken
    }
  }

  private func sayFarewells() {
    let next = work.change { work in
      let next = work.farewells.prefix(Self.maximumFarewellCount)
      work.farewells = work.farewells.dropFirst(Self.maximumFarewellCount)
      return next
    }
    for session in next { session.closeAtOnce(.goingAway, reason: "", by: .shutdown) }
  }

  /// Lets those go on that hold input, each for a turn's worth; who is not done goes to the end.
  private func serveLine() {
    let part = TurnPart()
    // Those that line up meanwhile have had their turn.
    for _ in 0..<work.change({ $0.line.count }) {
      guard let session = work.change({ $0.line.popFirst() }) else { return }
      session.takeTurn()
      guard part.goesOn() else { return }
    }
  }

  private func flushDirty() {
    var rest = take(\.dirty)[...]
    let part = TurnPart()
    while let session = rest.popFirst() {
      session.marks.remove(.dirty)
      session.flushOutput()
      if rest.count & 15 == 0, !part.goesOn() { break }
    }
    guard !rest.isEmpty else { return }
    work.change { $0.dirty.insert(contentsOf: rest, at: 0) }
  }

  /// Tells the engine what the sessions hold by now; if that is too much, whoever holds most goes.
  private func settleMemory() {
    memory.publish(to: server.admission.buffered)
    if share.largestHolding.load() != memory.largestClass {
      share.largestHolding.store(memory.largestClass)
    }
    guard server.admission.buffered.byteCount > limits.engine.bufferedByteCount else { return }
    relieveMemory()
  }

  /// Ends the session that holds most of all, or wakes the reactor that has it.
  ///
  /// One a turn: what it held is free before the next one has to go.
  private func relieveMemory() {
    let others = server.reactors.filter { $0 !== share }
    if let holder = others.max(by: { $0.largestHolding.load() < $1.largestHolding.load() }),
      holder.largestHolding.load() > memory.largestClass
    {
      return holder.mailbox.wake()
    }
    guard let largest = memory.largestHolder else { return }
    largest.closeAtOnce(
      .policyViolation, reason: "out of buffer memory", by: .limit(.bufferedBytes))
    largest.endpoint.change { $0.discardInput() }
    largest.account()
    memory.publish(to: server.admission.buffered)
    // The next one to go, if one has to, goes in a turn of its own.
    if server.admission.buffered.byteCount > limits.engine.bufferedByteCount {
      share.mailbox.wake()
    }
  }
}

/// How long one part of a turn has taken.
private struct TurnPart {
  private let end = SystemClock.monotonic().advanced(by: SessionReactor.partDuration)

  /// Whether there is time for another thing to do.
  func goesOn() -> Bool { SystemClock.monotonic() < end }
}
