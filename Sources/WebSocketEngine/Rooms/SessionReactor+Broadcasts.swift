import Vocabulary

// A broadcast to a small room is sent to all members at once. One to a large room goes from member
// to member, some of them a turn, so that no session waits for as long as all of it takes. It waits
// in no backlog meanwhile: to queue and flush a frame costs five times the instructions of sending
// it.

extension SessionReactor {
  /// The most deliveries in the middle of a turn, some milliseconds' worth.
  static let maximumDeliveryCountAtOnce = 512
  /// How many members a broadcast comes by between two looks at the clock.
  static let deliverySliceCount = 16
  /// How many bytes of broadcasts may be under way before another one waits for the oldest: then
  /// they come from a sender that cannot be held, such as a handler in a loop.
  static let maximumPendingByteCount = 16 << 20

  /// Sends a broadcast to this reactor's members, and says to how many.
  ///
  /// A member that does not read costs the others nothing: its own backlog fills.
  ///
  /// - Parameters:
  ///   - isFirst: whether no other reactor counts the message.
  ///   - isAtOnce: whether this turn has time for the members of a small room.
  ///   - completion: called with the count once the last member had its turn.
  /// - Returns: the number of members that it was queued for, or will be in the turns that follow.
  @discardableResult
  func deliver(
    _ broadcast: Broadcast, isFirst: Bool, isAtOnce: Bool = true,
    completion: ((Int) -> Void)? = nil
  ) -> Int {
    guard let room = members[broadcast.room] else {
      completion?(0)
      return 0
    }
    let memberCount = room.members.count
    budget.change { $0.delivered(to: memberCount) }
    // A member gets broadcasts under way to it first.
    let waitingCount = broadcasts.change { $0.count }
    if isAtOnce, memberCount * (waitingCount + 1) <= Self.maximumDeliveryCountAtOnce {
      var count = 0
      for session in room.members where session.id != broadcast.excluded {
        if isQueued(broadcast.message, for: session) { count += 1 }
      }
      room.note(broadcast.message.byteCount, isFirst: isFirst, deliveryCount: count)
      completion?(count)
      return count
    }
    while broadcasts.change({ $0.byteCount }) >= Self.maximumPendingByteCount { deliverMore() }
    room.note(broadcast.message.byteCount, isFirst: isFirst, deliveryCount: 0)
    let isExcluded = broadcast.excluded.map(room.contains) ?? false
    let pending = PendingBroadcast(
      broadcast: broadcast, room: room, expectedCount: memberCount - (isExcluded ? 1 : 0),
      completion: completion)
    broadcasts.change { $0.append(pending) }
    handle.pendingDeliveries.add(pending.expectedCount)
    server.admission.buffered.add(BroadcastQueue.boxByteCount)
    return pending.expectedCount
  }

  private func isQueued(_ message: Outgoing, for session: Session) -> Bool {
    do throws(SendError) {
      try session.push(message)
      return true
    } catch {
      // The failure is counted by `push`; the other members get the message all the same.
      return false
    }
  }

  /// Takes the oldest broadcast to some more members; one must be under way.
  func deliverMore() {
    let (number, room) = broadcasts.change { ($0.firstNumber, $0[$0.firstNumber].room) }
    guard let sessions = room.passMore(Self.deliverySliceCount) else { return endFirstBroadcast() }
    for session in sessions {
      guard let extras = session.extras, extras.settledBroadcast < number else { continue }
      extras.settledBroadcast = number
      deliver(number, to: session)
    }
  }

  /// Gives up broadcasts under way; a caller that waits for a count gets that of now.
  func dropBroadcasts() {
    while broadcasts.change({ $0.isUnderWay }) { endFirstBroadcast() }
  }

  private func endFirstBroadcast() {
    let done = broadcasts.change { $0.removeFirst() }
    handle.pendingDeliveries.add(-done.expectedCount)
    server.admission.buffered.add(-BroadcastQueue.boxByteCount)
    done.completion?(done.deliveryCount)
  }

  /// Sends a member one of the broadcasts under way, behind those before it.
  private func deliver(_ number: UInt64, to session: Session) {
    let (broadcast, room) = broadcasts.change { ($0[number].broadcast, $0[number].room) }
    guard session.id != broadcast.excluded else { return }
    do throws(SendError) {
      try session.pushNext(broadcast.message)
      broadcasts.change { $0[number].deliveryCount += 1 }
      room.note(broadcast.message.byteCount, isFirst: false, deliveryCount: 1)
    } catch {
      // The failure is counted by `pushNext`; the other members get the message all the same.
    }
  }

  /// Sends a session the broadcasts under way that it has yet to get: before it is sent another
  /// message, joins, leaves or closes.
  func settleBroadcasts(of session: Session) {
    for number in takeUnsettled(of: session) { deliver(number, to: session) }
  }

  /// Counts as dropped the broadcasts under way that a session, which is closed, has yet to get.
  func dropBroadcasts(of session: Session) {
    counters.add(takeUnsettled(of: session).count, to: .droppedMessages)
  }

  /// The broadcasts under way that a session has yet to get, each given once.
  private func takeUnsettled(of session: Session) -> [UInt64] {
    guard let extras = session.extras else { return [] }
    let numbers = broadcasts.change { $0.numbers(behind: extras.settledBroadcast) }
    guard let last = numbers.last else { return [] }
    extras.settledBroadcast = last
    return numbers.filter { number in
      let broadcast = broadcasts.change { $0[number].broadcast }
      return extras.rooms.contains(broadcast.room) && broadcast.excluded != session.id
    }
  }
}
