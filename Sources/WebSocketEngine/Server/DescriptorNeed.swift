import EventLoop

/// The descriptors that an engine needs for itself, so that sessions leave them.
struct DescriptorNeed {
  /// The descriptors of each reactor: epoll, its timer, and the descriptors that wake it for
  /// commands and for the jobs of its handlers.
  static let countPerReactor = 4
  /// The descriptors beside the reactors: the control socket and the epoll, timer and mailbox of
  /// its thread, listeners of the control API for other machines, the system's timers, the
  /// history's database with its journal, and files that are read again at a reload.
  static let otherCount = 24

  /// How many it opens from here on.
  let count: Int

  /// The need of a server with so many reactors and these listeners, from here on.
  ///
  /// A name or a wildcard may have an address of either family, and each reactor has a listening
  /// socket for each; a Unix socket is one for all.
  init(reactorCount: Int, listeners: [Listener]) {
    let listeningCount = listeners.reduce(0) { count, listener in
      if case .internet = listener.address { count + 2 * reactorCount } else { count + 1 }
    }
    count =
      DescriptorReserve.count + reactorCount * Self.countPerReactor + listeningCount
      + Self.otherCount
  }

  /// How many of all descriptors that the process may have are left for connections: at least one.
  func remaining(of limit: Int, openCount: Int) -> Int { max(1, limit - openCount - count) }
}
