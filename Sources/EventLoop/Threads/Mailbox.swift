internal import CLinux
internal import Glibc
internal import Synchronization

/// A queue of messages from any thread to one, which a descriptor wakes.
///
/// Posting appends under a mutex and wakes the owner only if the box was empty; the owner swaps
/// the whole array out, and no message is handled under the lock.
package final class Mailbox<Message: Sendable>: Sendable {
  private struct Contents: Sendable {
    var messages: [Message] = []
    var isClosed = false
  }

  private let contents = Mutex(Contents())
  private let hasMessages = Atomic(false)
  private let wakeUp: OwnedDescriptor
  private let maximumCount: Int

  /// An empty box.
  ///
  /// The corresponding C function is `eventfd`.
  ///
  /// - Parameter maximumCount: how many messages may wait; a further one is refused.
  /// - Throws: `SystemError`, such as EMFILE.
  package init(maximumCount: Int = 1 << 17) throws(SystemError) {
    self.maximumCount = maximumCount
    wakeUp = OwnedDescriptor(
      owning: try Syscalls.call("eventfd") {
        eventfd(0, Int32(EFD_CLOEXEC) | Int32(EFD_NONBLOCK))
      })
  }

  /// The descriptor for the owner's epoll; watched edge-triggered, so that nobody has to read it.
  package var descriptor: Int32 { wakeUp.number }

  /// Whether nothing waits; cheap enough to ask each turn.
  package var isEmpty: Bool { !hasMessages.load(ordering: .acquiring) }

  /// Adds a message, from any thread.
  ///
  /// - Parameter isUrgent: whether a full box takes it too; for rare messages that must arrive,
  ///   such as the owner's end.
  /// - Returns: false if the box is full or closed; the message is then dropped.
  @discardableResult
  package func post(_ message: Message, isUrgent: Bool = false) -> Bool {
    let (isAccepted, wasEmpty) = contents.withLock { contents in
      guard !contents.isClosed, isUrgent || contents.messages.count < maximumCount else {
        return (false, false)
      }
      contents.messages.append(message)
      hasMessages.store(true, ordering: .releasing)
      return (true, contents.messages.count == 1)
    }
    if wasEmpty { wake() }
    return isAccepted
  }

  /// Wakes the owner without a message.
  package func wake() {
    var one: UInt64 = 1
    _ = unsafe write(wakeUp.number, &one, 8)
  }

  /// Takes everything that waits; called by the owner alone.
  package func takeAll() -> [Message] {
    guard !isEmpty else { return [] }
    return contents.withLock { contents in
      hasMessages.store(false, ordering: .releasing)
      var taken: [Message] = []
      swap(&taken, &contents.messages)
      return taken
    }
  }

  /// Refuses all later messages and gives back those that wait.
  package func close() -> [Message] {
    contents.withLock { contents in
      contents.isClosed = true
      hasMessages.store(false, ordering: .releasing)
      var taken: [Message] = []
      swap(&taken, &contents.messages)
      return taken
    }
  }
}
