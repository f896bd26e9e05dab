/// The commands that a reactor took out of its mailbox and has yet to run.
///
/// They are run one after the other for as long as a turn has time for them; the mailbox is looked
/// into again in a turn that begins when all of them are done. Confined to the reactor.
struct InboundCommands {
  private var taken: ArraySlice<ReactorHandle.Posted> = []

  /// Whether commands wait, here or in the mailbox.
  func hasMore(in handle: ReactorHandle) -> Bool { !taken.isEmpty || !handle.mailbox.isEmpty }

  /// Takes the mailbox's commands, if none is left of those taken before.
  mutating func refill(from handle: ReactorHandle) {
    if taken.isEmpty, !handle.mailbox.isEmpty { taken = handle.mailbox.takeAll()[...] }
  }

  /// The next command, which no longer counts as waiting.
  mutating func next(in handle: ReactorHandle) -> ReactorHandle.Command? {
    guard let posted = taken.popFirst() else { return nil }
    // The slice is replaced, since an emptied one would keep the memory of all its commands.
    if taken.isEmpty { taken = [] }
    handle.taken(posted)
    return posted.command
  }
}

@available(*, unavailable)
extension InboundCommands: Sendable {}
