/// A reactor that has members of a room.
struct RoomReceiver: Sendable {
  let handle: ReactorHandle
  /// How many members it has.
  let memberCount: Int

  /// Hands over a broadcast; if it has to be dropped, the members are counted as having missed it.
  @discardableResult
  func post(_ broadcast: Broadcast, _ command: @escaping ReactorHandle.Command) -> Bool {
    handle.post(
      broadcastOf: broadcast.message.byteCount, deliveryCount: memberCount, command)
  }

  /// Hands over a broadcast, and says for how many members it was queued.
  func deliver(_ broadcast: Broadcast, isFirst: Bool) async -> Int {
    await withCheckedContinuation { continuation in
      let isPosted = post(broadcast) {
        $0.deliver(broadcast, isFirst: isFirst) { continuation.resume(returning: $0) }
      }
      if !isPosted { continuation.resume(returning: 0) }
    }
  }
}
