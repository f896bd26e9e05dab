import Vocabulary
public import WebSocketProtocol

/// A room that a session could not join.
public enum RoomError: Error, Hashable, Sendable {
  /// The session is in as many rooms as `rooms-per-session` allows.
  case tooManyRooms(limit: Int)
  /// The session is not open.
  case notOpen
}

extension Session {
  /// Joins a room; without effect if the session is in it.
  ///
  /// - Throws: `RoomError` if `rooms-per-session` is reached or the session is not open.
  public func join(_ room: String) throws(RoomError) {
    let room = UTF8Name(room)
    guard phase == .open else { throw .notOpen }
    guard rooms.contains(room) || rooms.count < limits.roomsPerSession else {
      throw .tooManyRooms(limit: limits.roomsPerSession)
    }
    reactor.server.rooms.join(self, room)
  }

  /// Leaves a room; without effect if the session is not in it.
  public func leave(_ room: String) {
    reactor.server.rooms.leave(self, UTF8Name(room))
  }

  /// The rooms that the session is in, in the order of their UTF-8.
  public var roomNames: [String] { rooms.sorted().map(\.text) }

  /// Sends a message to the members of a room, without waiting for other reactors.
  ///
  /// - Parameter includesSelf: whether this session gets it too, if it is a member.
  /// - Returns: the number of members of this session's own reactor that it was queued for. To
  ///   thousands it is sent over several turns: then their number.
  /// - Throws: `SendError.messageTooBig` if this session's `message-bytes` forbids it; then nothing
  ///   is queued and no session closed.
  @discardableResult
  public func broadcast(
    _ message: Span<UInt8>, as kind: MessageKind, to room: String, includesSelf: Bool = false
  ) throws(SendError) -> Int {
    let broadcast = try Broadcast(
      message, as: kind, to: UTF8Name(room), excluding: includesSelf ? nil : id, limits: limits,
      account: reactor.server.admission.buffered)
    return reactor.server.rooms.send(broadcast, from: self)
  }

  /// Sends a text message to the members of a room.
  @discardableResult
  public func broadcast(
    _ text: String, to room: String, includesSelf: Bool = false
  ) throws(SendError) -> Int {
    try broadcast(text.utf8Span.span, as: .text, to: room, includesSelf: includesSelf)
  }
}
