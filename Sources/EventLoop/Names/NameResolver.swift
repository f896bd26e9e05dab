internal import Dispatch
internal import Glibc
internal import Synchronization
package import Vocabulary

/// Looks names up off the reactors, on a thread of its own, and keeps what it found.
///
/// The addresses of a name in use are looked up every 30 s, since the system's resolver tells no
/// time to live. One that nobody has asked for in ten minutes is forgotten. While a lookup takes long or
/// fails, the addresses from before are handed out, with the error. Lookups are made one after the
/// other, first of the names that somebody waits for. The thread starts with the first name: an
/// address in numbers and the path of a Unix socket need none.
package final class NameResolver: Sendable {
  /// Looks a name up, and may take its time.
  package typealias Lookup = @Sendable (SocketAddress) throws(SystemError) -> [ResolvedAddress]
  /// Takes an answer, on the resolver's thread or on the one that stops it.
  package typealias Answer = @Sendable (Result<ResolvedName, ResolutionError>) -> Void

  /// The most addresses that are kept of a name.
  package static let maximumAddressCount = 64

  private let core: NameResolverCore

  /// A resolver without names.
  ///
  /// - Parameters:
  ///   - maximumNameCount: how many names may be in use: a further one takes the place of one that
  ///     was not asked for in the last 30 s, or is refused.
  ///   - maximumWaitingCount: how many requests may wait for lookups; further ones are refused.
  ///   - clock: the time.
  ///   - lookUp: finds the addresses of a name.
  package init(
    maximumNameCount: Int = 1024, maximumWaitingCount: Int = 1 << 14,
    clock: @escaping @Sendable () -> Instant = SystemClock.monotonic,
    lookUp: @escaping Lookup = NameResolver.askSystem
  ) {
    core = NameResolverCore(
      NameTable(maximumNameCount: maximumNameCount, maximumWaitingCount: maximumWaitingCount),
      clock: clock, lookUp: lookUp)
  }

  deinit {
    core.stop()
  }

  /// The addresses of a name of the Internet, by the system's resolver.
  package static func askSystem(
    _ name: SocketAddress
  ) throws(SystemError) -> [ResolvedAddress] {
    guard case .internet(let host, let port) = name else { return [try ResolvedAddress(name)] }
    return try ResolvedAddress.all(host: host, port: port)
  }

  /// The addresses of a host or path, at once where that needs no lookup; called from any thread.
  ///
  /// - Parameter answer: called once, if nil is returned: after the name's first lookup.
  /// - Returns: the addresses as they are known, or the reason why there are none; nil: `answer`
  ///   will be called.
  package func resolve(
    _ address: SocketAddress, orLater answer: @escaping Answer
  ) -> Result<ResolvedName, ResolutionError>? {
    switch address {
    case .internet(let host, _) where !HostName.isAddress(host):
      return core.find(address, orLater: answer)
    case .internet, .unix:
      let found = core.clock()
      do throws(SystemError) {
        return .success(ResolvedName([try ResolvedAddress(address)], foundAt: found))
      } catch {
        return .failure(.notFound(error))
      }
    }
  }

  /// Looks nothing up any more, and answers all who wait with `ResolutionError.stopped`.
  ///
  /// It waits for the thread's end, unless a lookup is under way: that one's result goes nowhere.
  package func stop() {
    core.stop()
  }
}

/// The part of a resolver that its thread keeps alive: the thread ends when the resolver does.
private final class NameResolverCore: Sendable {
  private struct State {
    var table: NameTable
    var thread: LoopThread?
    var isStopped = false
  }

  let clock: @Sendable () -> Instant
  private let lookUp: NameResolver.Lookup
  private let state: Mutex<State>
  private let hasWork = DispatchSemaphore(value: 0)

  init(
    _ table: NameTable, clock: @escaping @Sendable () -> Instant,
    lookUp: @escaping NameResolver.Lookup
  ) {
    self.clock = clock
    self.lookUp = lookUp
    state = Mutex(State(table: table))
  }

  func find(
    _ name: SocketAddress, orLater answer: @escaping NameResolver.Answer
  ) -> Result<ResolvedName, ResolutionError>? {
    let now = clock()
    let (found, isDue) = state.withLock { state -> (NameTable.Found, Bool) in
      guard !state.isStopped else { return (.known(.failure(.stopped)), false) }
      if state.thread == nil {
        do throws(SystemError) {
          state.thread = try LoopThread(name: "names") { [self] in run() }
        } catch {
          return (.known(.failure(.notFound(error))), false)
        }
      }
      return (
        state.table.find(name, at: now, orLater: answer), state.table.isDue(name, at: now)
      )
    }
    if isDue { hasWork.signal() }
    switch found {
    case .known(let result): return result
    case .later: return nil
    }
  }

  func stop() {
    let (waiting, thread) = state.withLock { state -> ([NameResolver.Answer], LoopThread?) in
      state.isStopped = true
      let thread = state.table.isLookingUp ? nil : state.thread
      state.thread = nil
      return (state.table.removeAll(), thread)
    }
    hasWork.signal()
    for answer in waiting { answer(.failure(.stopped)) }
    thread?.join()
  }

  // MARK: On the thread

  private func run() {
    while let name = nextName() {
      let found: Result<[ResolvedAddress], SystemError>
      do throws(SystemError) {
        let addresses = try lookUp(name)
        found = addresses.isEmpty ? .failure(.nameWithoutAddress(name)) : .success(addresses)
      } catch {
        found = .failure(error)
      }
      let now = clock()
      let (result, waiting) = state.withLock { $0.table.finish(name, found, at: now) }
      for answer in waiting { answer(result) }
    }
  }

  /// Waits for a name that is to be looked up; nil once the resolver is stopped.
  private func nextName() -> SocketAddress? {
    while true {
      let now = clock()
      let step = state.withLock { $0.isStopped ? nil : $0.table.next(at: now) }
      switch step {
      case nil: return nil
      case .lookUp(let name): return name
      case .wait(nil): hasWork.wait()
      case .wait(let until?):
        let nanoseconds = max(0, now.duration(to: until).wholeNanoseconds)
        // Rounded up to a millisecond: a timer that fires a little early finds nothing due.
        let milliseconds = Int(clamping: nanoseconds / 1_000_000 + 1)
        _ = hasWork.wait(timeout: .now() + .milliseconds(milliseconds))
      }
    }
  }
}

extension SystemError {
  /// A name that was found, with no address.
  fileprivate static func nameWithoutAddress(_ name: SocketAddress) -> SystemError {
    SystemError(call: "getaddrinfo", number: EADDRNOTAVAIL, subject: name.description)
  }

  /// A lookup that takes long.
  static func lookupTimedOut(_ name: SocketAddress) -> SystemError {
    SystemError(call: "getaddrinfo", number: ETIMEDOUT, subject: name.description)
  }
}
