import Synchronization
import Vocabulary

extension SessionReactor {
  /// The most connections that give way at once.
  static let maximumGivingWayCount = 64

  /// Counts in a connection whose opening handshake begins; the oldest is ended if there are more
  /// now than `openings` allows.
  func add(_ opening: OpeningConnection) {
    openings.append(opening)
    counters.add(1, to: .openingNow)
    handle.publishOldestOpening(openings.oldest?.acceptedAt)
    endSurplusOpenings()
  }

  /// Counts out an opening that has become a session, or is closed.
  func remove(_ opening: OpeningConnection) {
    openings.remove(opening)
    counters.add(-1, to: .openingNow)
    handle.publishOldestOpening(openings.oldest?.acceptedAt)
  }

  /// Ends the oldest connections whose request is slow to come, since no descriptor is left: many
  /// that never finish it would otherwise keep all others out for `handshake-timeout`.
  func endSlowestOpenings() {
    let slow = Array(
      openings.inOrder.lazy.filter(\.isSlow).prefix(Self.maximumGivingWayCount))
    for opening in slow { opening.giveWay(.outOfDescriptors) }
  }

  /// Ends the engine's oldest openings until there are as many as `openings` allows.
  ///
  /// If another reactor has the oldest, that one is asked.
  func endSurplusOpenings() {
    for _ in 0..<Self.maximumGivingWayCount {
      guard server.openingCount > limits.engine.openingCount,
        let holder = server.reactors.min(by: { $0.oldestOpening < $1.oldestOpening })
      else { return }
      guard holder === handle else { return holder.askToEndOpenings() }
      guard let oldest = openings.oldest else { return }
      oldest.giveWay(.tooManyOpenings)
    }
    // The others are ended in a later turn.
    handle.askToEndOpenings()
  }

  /// Notes that an opening holds more or fewer bytes; the oldest that hold any are ended when
  /// openings hold more than half of `buffered-bytes`, of which each reactor has its share.
  func openingHolds(_ difference: Int) {
    server.admission.buffered.add(difference)
    openingByteCount += difference
    let limit = limits.engine.bufferedByteCount / 2 / server.reactors.count
    guard difference > 0, openingByteCount > limit else { return }
    // Some more than necessary are ended, so that they are not looked for at each byte.
    var surplus = openingByteCount - (limit - limit / 32)
    var leaving: [OpeningConnection] = []
    for opening in openings.inOrder where opening.heldByteCount > 0 {
      leaving.append(opening)
      surplus -= opening.heldByteCount
      guard surplus > 0, leaving.count < Self.maximumGivingWayCount else { break }
    }
    for opening in leaving { opening.giveWay(.tooManyBufferedBytes) }
  }
}

extension Server {
  /// Connections whose opening handshake is under way or was refused.
  var openingCount: Int { reactors.reduce(0) { $0 + $1.counters[.openingNow] } }
}

extension ReactorHandle {
  /// The time at which this reactor's oldest opening was accepted, in nanoseconds of the monotonic
  /// clock; `.max` if there is none.
  var oldestOpening: Int64 { oldestOpeningInstant.load(ordering: .relaxed) }

  fileprivate func publishOldestOpening(_ instant: Instant?) {
    let nanoseconds = instant?.nanoseconds ?? .max
    guard nanoseconds != oldestOpening else { return }
    oldestOpeningInstant.store(nanoseconds, ordering: .relaxed)
  }

  /// Has the reactor end its oldest openings, if there are still too many by then.
  fileprivate func askToEndOpenings() {
    guard !isAskedToEndOpenings.exchange(true, ordering: .relaxed) else { return }
    let isPosted = post { reactor in
      reactor.handle.isAskedToEndOpenings.store(false, ordering: .relaxed)
      reactor.endSurplusOpenings()
    }
    if !isPosted { isAskedToEndOpenings.store(false, ordering: .relaxed) }
  }
}
