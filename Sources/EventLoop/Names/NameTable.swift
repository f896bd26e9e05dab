import Vocabulary

/// The names in use: their addresses, when each is due to be looked up, and who waits for which.
///
/// It looks nothing up and reads no clock; `NameResolver` does both.
struct NameTable {
  /// How old addresses become before they are looked up again.
  static let refreshInterval = Duration.seconds(30)
  /// How long after a failed lookup the next one is made for a name that has addresses from before.
  static let retryInterval = Duration.seconds(5)
  /// How long after a failed lookup a name without addresses is refused without another one.
  static let refusalDuration = Duration.seconds(1)
  /// How long a lookup that is due may take before the addresses are told to be old.
  static let lookupPatience = Duration.seconds(10)
  /// How long after the last question a name is in use.
  static let idleDuration = Duration.seconds(600)

  /// A request that waits for a lookup.
  typealias Answer = NameResolver.Answer

  /// What is known at once.
  enum Found {
    /// The addresses, or the reason why there are none.
    case known(Result<ResolvedName, ResolutionError>)
    /// The answer comes after a lookup.
    case later
  }

  /// The next thing to do.
  enum Step: Equatable {
    /// Look a name up, and then call `finish`.
    case lookUp(SocketAddress)
    /// Nothing until a moment, or until the next question if there is none.
    case wait(until: Instant?)
  }

  private struct Entry {
    var addresses: [ResolvedAddress] = []
    var foundAt: Instant
    var error: SystemError?
    /// The time from which on it may be looked up again.
    var dueAt: Instant
    var askedAt: Instant
    var waiting: [Answer] = []

    init(now: Instant) {
      foundAt = now
      dueAt = now
      askedAt = now
    }

    func isInUse(at now: Instant) -> Bool {
      !waiting.isEmpty || askedAt.duration(to: now) < NameTable.idleDuration
    }
  }

  let maximumNameCount: Int
  let maximumWaitingCount: Int
  private var entries: [SocketAddress: Entry] = [:]
  private var lookedUp: SocketAddress?
  private(set) var waitingCount = 0

  init(maximumNameCount: Int, maximumWaitingCount: Int) {
    self.maximumNameCount = maximumNameCount
    self.maximumWaitingCount = maximumWaitingCount
  }

  /// How many names are in use.
  var nameCount: Int { entries.count }

  /// Whether a lookup is under way.
  var isLookingUp: Bool { lookedUp != nil }

  /// The addresses of a name, or a place among those that wait for them.
  mutating func find(
    _ name: SocketAddress, at now: Instant, orLater answer: @escaping Answer
  ) -> Found {
    if entries[name] == nil, !makeRoom(at: now) {
      return .known(.failure(.tooManyNames(maximum: maximumNameCount)))
    }
    var entry = entries[name] ?? Entry(now: now)
    entry.askedAt = now
    defer { entries[name] = entry }
    if !entry.addresses.isEmpty {
      let isLate = entry.dueAt.advanced(by: Self.lookupPatience) <= now
      let error = entry.error ?? (isLate ? .lookupTimedOut(name) : nil)
      return .known(
        .success(ResolvedName(entry.addresses, foundAt: entry.foundAt, error: error)))
    }
    if let error = entry.error, now < entry.dueAt { return .known(.failure(.notFound(error))) }
    guard waitingCount < maximumWaitingCount else {
      return .known(.failure(.tooManyWaiting(maximum: maximumWaitingCount)))
    }
    waitingCount += 1
    entry.waiting.append(answer)
    return .later
  }

  /// Whether a name's addresses are old enough to be looked up, and no lookup is under way.
  func isDue(_ name: SocketAddress, at now: Instant) -> Bool {
    !isLookingUp && entries[name].map { $0.dueAt <= now } ?? false
  }

  /// The next thing to do; names that nobody has asked for lately are forgotten.
  mutating func next(at now: Instant) -> Step {
    entries = entries.filter { $0.value.isInUse(at: now) }
    // A name that somebody waits for comes before one whose addresses only grow old.
    let first = entries.filter { !$0.value.waiting.isEmpty || !$0.value.addresses.isEmpty }
      .min { left, right in
        let (left, right) = (left.value, right.value)
        guard left.waiting.isEmpty == right.waiting.isEmpty else { return right.waiting.isEmpty }
        return left.dueAt < right.dueAt
      }
    guard let first else { return .wait(until: nil) }
    guard !first.value.waiting.isEmpty || first.value.dueAt <= now else {
      return .wait(until: first.value.dueAt)
    }
    lookedUp = first.key
    return .lookUp(first.key)
  }

  /// Takes the result of a lookup.
  ///
  /// - Returns: the answer, and the requests that wait for it.
  mutating func finish(
    _ name: SocketAddress, _ found: Result<[ResolvedAddress], SystemError>, at now: Instant
  ) -> (Result<ResolvedName, ResolutionError>, [Answer]) {
    lookedUp = nil
    var entry = entries[name] ?? Entry(now: now)
    let waiting = entry.waiting
    entry.waiting = []
    waitingCount -= waiting.count
    defer { entries[name] = entry }
    switch found {
    case .success(let addresses):
      entry.addresses = Array(addresses.prefix(NameResolver.maximumAddressCount))
      entry.foundAt = now
      entry.error = nil
      entry.dueAt = now.advanced(by: Self.refreshInterval)
      return (.success(ResolvedName(entry.addresses, foundAt: now)), waiting)
    case .failure(let error):
      entry.error = error
      let pause = entry.addresses.isEmpty ? Self.refusalDuration : Self.retryInterval
      entry.dueAt = now.advanced(by: pause)
      // Only names without addresses have requests that wait.
      return (.failure(.notFound(error)), waiting)
    }
  }

  /// Forgets all names, and gives back the requests that wait.
  mutating func removeAll() -> [Answer] {
    defer {
      entries = [:]
      waitingCount = 0
    }
    return entries.values.flatMap(\.waiting)
  }

  /// Forgets the name that was asked for longest ago, if a new one has no place; nobody may wait for
  /// it, and it may not be the one that is being looked up.
  ///
  /// - Returns: whether there is room.
  private mutating func makeRoom(at now: Instant) -> Bool {
    guard entries.count >= maximumNameCount else { return true }
    let oldest = entries.filter { $0.value.waiting.isEmpty && $0.key != lookedUp }
      .min { $0.value.askedAt < $1.value.askedAt }
    guard let oldest, oldest.value.askedAt.advanced(by: Self.refreshInterval) <= now else {
      return false
    }
    entries[oldest.key] = nil
    return true
  }
}
