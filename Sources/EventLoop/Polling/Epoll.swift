internal import CLinux
internal import Glibc

/// The events that a descriptor is watched for.
package struct Interest: OptionSet, Hashable, Sendable {
  /// The bits of `struct epoll_event`.
  package var rawValue: UInt32
  /// A set from its bits.
  package init(rawValue: UInt32) { self.rawValue = rawValue }

  /// There is something to read (EPOLLIN).
  package static let readable = Interest(rawValue: 0x001)
  /// There is room to write (EPOLLOUT).
  package static let writable = Interest(rawValue: 0x004)
  /// Each change is told once, and needs no read to be told again (EPOLLET).
  package static let edgeTriggered = Interest(rawValue: 1 << 31)
  /// The peer sends no more, which a read would tell only behind all bytes that came (EPOLLRDHUP).
  package static let peerEnd = Interest(rawValue: 0x2000)
  /// Of several epolls that watch the descriptor only one is woken (EPOLLEXCLUSIVE).
  package static let exclusive = Interest(rawValue: 1 << 28)
}

/// The events that a descriptor is ready for.
package struct Readiness: OptionSet, Hashable, Sendable {
  /// The bits of `struct epoll_event`.
  package var rawValue: UInt32
  /// A set from its bits.
  package init(rawValue: UInt32) { self.rawValue = rawValue }

  /// Reading will not block: bytes, end of stream or an error (EPOLLIN).
  package static let readable = Readiness(rawValue: 0x001)
  /// Writing will not block (EPOLLOUT).
  package static let writable = Readiness(rawValue: 0x004)
  /// The connection failed (EPOLLERR).
  package static let failed = Readiness(rawValue: 0x008)
  /// The peer sends no more (EPOLLRDHUP); told only if it is watched for.
  package static let peerEnd = Readiness(rawValue: 0x2000)

  /// Whether a read gives something: bytes, the end or an error.
  package var wantsRead: Bool { rawValue & 0x019 != 0 }
  /// Whether a write gives something.
  package var wantsWrite: Bool { rawValue & 0x004 != 0 }
  /// Whether nothing more will come than has come.
  package var isEnd: Bool { rawValue & 0x2018 != 0 }
  /// Whether the connection failed, or both directions are shut (EPOLLHUP).
  package var isBroken: Bool { rawValue & 0x018 != 0 }
}

/// The kernel's list of watched descriptors, and the events of its last wait.
///
/// Confined to the thread that waits on it.
@safe
package struct Epoll: ~Copyable {
  private let descriptor: OwnedDescriptor
  /// The events lie behind a pointer, so that a wait is no access to the value to be checked.
  private let events: UnsafeMutableBufferPointer<epoll_event>

  /// An empty list.
  ///
  /// The corresponding C function is `epoll_create1`.
  ///
  /// - Parameter maximumEventCount: the most events one wait gives.
  /// - Throws: `SystemError`, such as EMFILE.
  package init(maximumEventCount: Int = 1024) throws(SystemError) {
    descriptor = OwnedDescriptor(
      owning: try Syscalls.call("epoll_create1") { epoll_create1(Int32(EPOLL_CLOEXEC)) })
    unsafe events = .allocate(capacity: maximumEventCount)
    unsafe events.initialize(repeating: epoll_event())
  }

  deinit {
    unsafe events.deallocate()
  }

  /// Watches a descriptor; its events carry `token`.
  ///
  /// The corresponding C function is `epoll_ctl`.
  ///
  /// - Throws: `SystemError`, such as ENOSPC.
  package func add(
    _ watched: Int32, for interest: Interest, token: UInt64
  ) throws(SystemError) {
    try control(Int32(EPOLL_CTL_ADD), watched, interest, token)
  }

  /// Changes the events that a descriptor is watched for.
  package func change(
    _ watched: Int32, to interest: Interest, token: UInt64
  ) throws(SystemError) {
    try control(Int32(EPOLL_CTL_MOD), watched, interest, token)
  }

  /// Stops watching a descriptor that stays open.
  package func remove(_ watched: Int32) throws(SystemError) {
    try control(Int32(EPOLL_CTL_DEL), watched, [], 0)
  }

  /// Waits and says how many events there are.
  ///
  /// The corresponding C function is `epoll_wait`.
  ///
  /// - Parameter milliseconds: the longest wait; nil: until something happens.
  package func wait(milliseconds: Int32?) -> Int {
    let count = unsafe epoll_wait(
      descriptor.number, events.baseAddress, Int32(events.count), milliseconds ?? -1)
    // EINTR is a wake-up without events; any other failure would be ours.
    precondition(count >= 0 || errno == EINTR, "epoll_wait failed")
    return max(0, Int(count))
  }

  /// The token and the readiness of an event of the last wait.
  package func event(_ index: Int) -> (token: UInt64, readiness: Readiness) {
    let event = unsafe events[index]
    return unsafe (event.data.u64, Readiness(rawValue: event.events))
  }

  private func control(
    _ operation: Int32, _ watched: Int32, _ interest: Interest, _ token: UInt64
  ) throws(SystemError) {
    var event = unsafe epoll_event()
    unsafe event.events = interest.rawValue
    unsafe event.data.u64 = token
    let number = descriptor.number
    try Syscalls.call("epoll_ctl") { unsafe epoll_ctl(number, operation, watched, &event) }
  }
}
