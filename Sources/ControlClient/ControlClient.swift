package import ControlProtocol
internal import EventLoop
package import Vocabulary

/// Requests of a program that has nothing else to do: each waits for its answer.
package struct ControlClient: Sendable {
  /// How long an engine that is alive is silent at most.
  package static let defaultTimeout = Duration.seconds(10)

  /// The engine's address.
  package let target: ControlTarget

  /// A client of an engine; it connects anew for each request.
  package init(_ target: ControlTarget) {
    self.target = target
  }

  /// A client of the engine at a path.
  package init(path: ControlPath) {
    self.init(.local(path))
  }

  /// Asks the engine and waits for the answer.
  ///
  /// - Parameter timeout: how long the engine may be silent.
  /// - Throws: `ControlClientError`; a refusal is one, so that the returned answer belongs to the
  ///   request.
  package func perform(
    _ request: ControlRequest, timeout: Duration = defaultTimeout
  ) throws(ControlClientError) -> ControlReply {
    let connection = try ControlConnection(to: target)
    return try Self.perform(request, on: connection, timeout: timeout)
  }

  /// Asks the engine and waits for the JSON of the answer, which is returned as it came.
  ///
  /// - Throws: `ControlClientError`; a refusal is one.
  package func json(
    of request: ControlRequest, timeout: Duration = defaultTimeout
  ) throws(ControlClientError) -> [UInt8] {
    try Self.answer(to: request, on: try ControlConnection(to: target), timeout: timeout) {
      (connection) throws(ControlClientError) in
      try connection.receiveBodies().first
    }
  }

  /// Asks on an existing connection, on which nothing else waits.
  ///
  /// - Throws: `ControlClientError`.
  package static func perform(
    _ request: ControlRequest, on connection: ControlConnection,
    timeout: Duration = defaultTimeout
  ) throws(ControlClientError) -> ControlReply {
    let reply = try answer(to: request, on: connection, timeout: timeout) {
      (connection) throws(ControlClientError) in
      try connection.receive().first?.reply
    }
    if case .refused(let status, let error) = reply { throw .refused(status: status, error) }
    return reply
  }

  private static func answer<Answer>(
    to request: ControlRequest, on connection: ControlConnection, timeout: Duration,
    _ receive: (ControlConnection) throws(ControlClientError) -> Answer?
  ) throws(ControlClientError) -> Answer {
    try connection.send(request)
    while true {
      let readiness = try wait(for: connection.descriptor, connection.interest, atMost: timeout)
      if readiness.wantsWrite { try connection.flush() }
      guard readiness != .writable, let answer = try receive(connection) else { continue }
      return answer
    }
  }

  /// Watches until the first snapshot has come.
  ///
  /// - Throws: `ControlClientError`.
  package func snapshot(
    of request: WatchRequest, timeout: Duration = defaultTimeout
  ) throws(ControlClientError) -> Snapshot {
    let connection = try WatchConnection(to: target, watching: request)
    return try Self.nextSnapshots(on: connection, timeout: timeout)[0]
  }

  /// Waits for the next snapshots of a watch, of which there is at least one.
  ///
  /// - Parameter timeout: how long the engine may be silent.
  /// - Throws: `ControlClientError`.
  package static func nextSnapshots(
    on connection: WatchConnection, timeout: Duration = defaultTimeout
  ) throws(ControlClientError) -> [Snapshot] {
    while true {
      let readiness = try wait(for: connection.descriptor, connection.interest, atMost: timeout)
      if readiness.wantsWrite { try connection.flush() }
      guard readiness != .writable else { continue }
      let snapshots = try connection.receive()
      if !snapshots.isEmpty { return snapshots }
    }
  }

  /// Waits for the next push of a tap until a moment; nil if none came by then.
  ///
  /// - Throws: `ControlClientError`.
  package static func nextBatches(
    on connection: TapConnection, until deadline: Instant
  ) throws(ControlClientError) -> [TapBatch]? {
    while true {
      let readiness: Readiness
      do throws(ControlClientError) {
        readiness = try wait(for: connection.descriptor, connection.interest, until: deadline)
      } catch {
        guard error == .timedOut else { throw error }
        return nil
      }
      if readiness.wantsWrite { try connection.flush() }
      guard readiness != .writable else { continue }
      let batches = try connection.receive()
      if !batches.isEmpty { return batches }
    }
  }

  /// Waits until the engine has sent or taken something: a slow way to it is no silence.
  private static func wait(
    for descriptor: Int32, _ interest: Interest, atMost timeout: Duration
  ) throws(ControlClientError) -> Readiness {
    try wait(
      for: descriptor, interest, until: SystemClock.monotonic().advanced(by: timeout))
  }

  private static func wait(
    for descriptor: Int32, _ interest: Interest, until deadline: Instant
  ) throws(ControlClientError) -> Readiness {
    while true {
      let left = SystemClock.monotonic().duration(to: deadline).wholeNanoseconds
      guard left > 0 else { throw .timedOut }
      let milliseconds = Int32(clamping: (left + 999_999) / 1_000_000)
      let readiness = Poll.wait(for: descriptor, interest, milliseconds: milliseconds)
      if !readiness.isEmpty { return readiness }
    }
  }
}
