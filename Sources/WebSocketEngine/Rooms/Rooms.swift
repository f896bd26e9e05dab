import Synchronization
public import Vocabulary
public import WebSocketProtocol

/// The rooms of a server: named sets of sessions that messages are broadcast to.
///
/// Names are the same if their UTF-8 is: two spellings of an é are two rooms. Membership ends with
/// the session, and an empty room vanishes. Each reactor holds its own members; here are only their
/// numbers, so that a broadcast goes to the reactors that have any.
public final class Rooms: Sendable {
  private struct State: Sendable {
    /// Members by room and reactor; a room without members is not in it.
    var memberCounts: [UTF8Name: [Int: Int]] = [:]
    var handles: [ReactorHandle] = []
  }

  private let state = Mutex(State())

  init() {}

  func setReactors(_ handles: [ReactorHandle]) {
    state.withLock { $0.handles = handles }
  }

  /// The rooms that have members, in the order of their UTF-8.
  public var names: [String] {
    state.withLock { $0.memberCounts.keys.sorted().map(\.text) }
  }

  /// How many members a room has.
  public func memberCount(of room: String) -> Int {
    state.withLock { $0.memberCounts[UTF8Name(room)]?.values.reduce(0, +) ?? 0 }
  }

  /// The members of a room, sorted.
  public func members(of room: String) async -> [SessionID] {
    let room = UTF8Name(room)
    var members: [SessionID] = []
    for handle in receivers(in: room).map(\.handle) {
      members += await handle.run { $0.members.sessions(in: room).map(\.id) } ?? []
    }
    return members.sorted()
  }

  /// Sends a message to every member of a room, and says how many it was queued for.
  ///
  /// It is framed once, and compressed once for the members that take it so. Members with a full
  /// backlog are treated as their `backlog-policy` says; members whose own `message-bytes` forbids
  /// it are skipped and counted as dropped.
  ///
  /// To thousands it goes over several turns, in which others are served; the answer comes with the
  /// last of them.
  ///
  /// - Parameter excluded: a session that does not get it, such as the sender.
  /// - Throws: `SendError.messageTooBig` if the engine's `message-bytes` forbids it; then nothing
  ///   is queued.
  @discardableResult
  public func broadcast(
    _ message: [UInt8], as kind: MessageKind, to room: String, excluding excluded: SessionID? = nil
  ) async throws(SendError) -> Int {
    let room = UTF8Name(room)
    let receivers = receivers(in: room)
    guard let first = receivers.first?.handle else { return 0 }
    let found = await first.run { ($0.limits.unrouted, $0.server.admission.buffered) }
    guard let (limits, account) = found else { throw .engineStopped }
    let broadcast = try Broadcast(
      message.span, as: kind, to: room, excluding: excluded, limits: limits, account: account)
    var count = 0
    // All are posted before the first answer is awaited: no reactor waits for another.
    await withTaskGroup(of: Int.self) { group in
      for receiver in receivers {
        let isFirst = receiver.handle === first
        group.addTask { await receiver.deliver(broadcast, isFirst: isFirst) }
      }
      for await delivered in group { count += delivered }
    }
    return count
  }

  /// Sends a text message to every member of a room, and says how many it was queued for.
  @discardableResult
  public func broadcast(
    _ text: String, to room: String, excluding excluded: SessionID? = nil
  ) async throws(SendError) -> Int {
    try await broadcast(Array(text.utf8), as: .text, to: room, excluding: excluded)
  }

  // MARK: Calls of reactors

  /// Adds a session to a room; on its reactor's thread.
  func join(_ session: Session, _ room: UTF8Name) {
    let extras = session.makeExtras()
    guard !extras.rooms.contains(room) else { return }
    // Broadcasts under way to this room are not for a session that joins.
    session.reactor.settleBroadcasts(of: session)
    extras.rooms.insert(room)
    session.reactor.members.add(session, to: room)
    let reactor = session.id.reactor
    state.withLock { $0.memberCounts[room, default: [:]][reactor, default: 0] += 1 }
  }

  /// Takes a session out of a room; on its reactor's thread.
  func leave(_ session: Session, _ room: UTF8Name) {
    guard let extras = session.extras, extras.rooms.contains(room) else { return }
    if session.phase == .open { session.settleBroadcasts() }
    extras.rooms.remove(room)
    session.reactor.members.remove(session, from: room)
    let reactor = session.id.reactor
    state.withLock { state in
      guard var counts = state.memberCounts[room], let count = counts[reactor] else { return }
      counts[reactor] = count > 1 ? count - 1 : nil
      state.memberCounts[room] = counts.isEmpty ? nil : counts
    }
  }

  /// Takes a session out of the rooms it is in, at the cost of those alone.
  func leaveAll(_ session: Session) {
    for room in session.rooms { leave(session, room) }
  }

  /// Broadcasts from a reactor's thread: to its own members, and by a command to the others'
  /// reactors, so that one sender's broadcasts keep their order everywhere.
  ///
  /// A sender whose broadcasts wait, here or elsewhere, behind too many others is not read from
  /// meanwhile.
  func send(_ broadcast: Broadcast, from sender: Session) -> Int {
    let reactor = sender.reactor
    var count = 0
    var isFirst = true
    for receiver in receivers(in: broadcast.room) {
      if receiver.handle === reactor.handle {
        let isAtOnce = reactor.budget.change { $0.isLeft }
        count += reactor.deliver(broadcast, isFirst: isFirst, isAtOnce: isAtOnce)
      } else {
        receiver.post(broadcast) { [isFirst] in $0.deliver(broadcast, isFirst: isFirst) }
      }
      if receiver.handle.isCrowded { reactor.holdSender(sender, until: receiver.handle) }
      isFirst = false
    }
    return count
  }

  private func receivers(in room: UTF8Name) -> [RoomReceiver] {
    state.withLock { state in
      guard let counts = state.memberCounts[room] else { return [] }
      return state.handles.compactMap { handle in
        counts[handle.index].map { RoomReceiver(handle: handle, memberCount: $0) }
      }
    }
  }
}
