package import ControlProtocol
package import EventLoop
internal import Vocabulary
internal import WebSocketProtocol

/// A watch of an engine: what the console shows is said, pictures of that are pushed.
///
/// It never blocks: the caller watches ``descriptor`` for ``interest`` and calls ``flush()`` and
/// ``receive()`` when it is ready; after an error the connection is of no more use. One thread uses
/// a connection.
package final class WatchConnection {
  private enum State {
    /// The opening handshake is under way.
    case connecting(ClientHandshake, ReplyReader)
    /// Snapshots come.
    case open
    /// The engine has said goodbye.
    case ended(ControlClientError)
  }

  /// The largest snapshot, in bytes.
  private static let maximumMessageByteCount = 64 << 20

  private var socket: ControlSocket
  private var state: State
  private var endpoint = Endpoint(
    role: .client, maximumMessageByteCount: maximumMessageByteCount)
  /// What the endpoint left of the last bytes: an incomplete frame header or control frame.
  private var rest: [UInt8] = []
  /// What to watch, until it has been sent; a later wish replaces an earlier one.
  private var request: WatchRequest?

  /// A watch on a socket that is connected to an engine and does not block.
  package init(
    owning descriptor: consuming OwnedDescriptor, watching request: WatchRequest
  ) throws(ControlClientError) {
    self.request = request
    socket = ControlSocket(owning: descriptor)
    state = .open
    try startHandshake()
  }

  /// Connects to the engine at a path.
  ///
  /// - Throws: `ControlClientError`, such as `noEngine`.
  package init(
    to path: ControlPath, watching request: WatchRequest
  ) throws(ControlClientError) {
    self.request = request
    socket = try ControlSocket.connect(to: path)
    state = .open
    try startHandshake()
  }

  /// The descriptor to wait for; it stays the connection's own.
  package var descriptor: Int32 { socket.descriptor }

  /// What the descriptor is to be watched for now.
  package var interest: Interest { socket.hasOutput ? [.readable, .writable] : .readable }

  /// Says what is to be watched from here on.
  ///
  /// - Throws: `ControlClientError`.
  package func watch(_ request: WatchRequest) throws(ControlClientError) {
    self.request = request
    try flush()
  }

  /// Sends what the socket takes.
  ///
  /// - Throws: `ControlClientError`.
  package func flush() throws(ControlClientError) {
    try socket.flush()
    guard case .open = state, let request, !socket.hasOutput else { return }
    self.request = nil
    try send(.text, ControlJSON.encode(request))
    try socket.flush()
  }

  /// Takes what has come, and the snapshots in it.
  ///
  /// Snapshots that came before the connection ended are returned first; the next call throws.
  ///
  /// - Throws: `ControlClientError`: `refused` if the engine takes no watch, `closed` and
  ///   `connectionLost` when the watch is over.
  package func receive() throws(ControlClientError) -> [Snapshot] {
    var snapshots: [Snapshot] = []
    if case .ended(let error) = state { throw error }
    var input: [UInt8] = []
    try socket.read { input.append(copying: $0) }
    if case .connecting(let handshake, var reader) = state {
      reader.append(input.span)
      state = .connecting(handshake, reader)
      guard let reply = try reader.next() else {
        state = .connecting(handshake, reader)
        if socket.isAtEnd { throw .connectionLost }
        return []
      }
      try finish(handshake, reply)
      input = reader.takeRest()
      try flush()
    }
    try consume(rest + input, into: &snapshots)
    if socket.isAtEnd, case .open = state { state = .ended(.connectionLost) }
    if snapshots.isEmpty, case .ended(let error) = state { throw error }
    return snapshots
  }

  // MARK: The opening handshake

  private func startHandshake() throws(ControlClientError) {
    var generator = SystemRandomNumberGenerator()
    let key = (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    let handshake = ClientHandshake(host: "wstop", target: ControlEndpoint.watchPath, key: key)
    state = .connecting(handshake, ReplyReader())
    try socket.write(handshake.request)
    try flush()
  }

  private func finish(
    _ handshake: ClientHandshake, _ reply: ReplyReader.Reply
  ) throws(ControlClientError) {
    let status = reply.head.status
    if status.rawValue >= 400 {
      let error =
        (try? ControlJSON.decode(ControlError.self, from: reply.body))
        ?? ControlError(code: "http-\(status.rawValue)", message: "HTTP status \(status.rawValue)")
      throw .refused(status: status.rawValue, error.error)
    }
    do {
      _ = try handshake.validate(reply.head)
    } catch {
      throw .malformed("the opening handshake failed: \(error)")
    }
    state = .open
  }

  // MARK: Frames

  private func consume(
    _ bytes: [UInt8], into snapshots: inout [Snapshot]
  ) throws(ControlClientError) {
    var bytes = bytes
    var cursor = 0
    while let event = next(in: &bytes, from: &cursor) {
      switch event {
      case .message(.text, let range):
        snapshots.append(try Self.snapshot(from: bytes[range]))
      case .assembledMessage(.text):
        let message = endpoint.takeMessage().withSpan { Array(copying: $0) }
        snapshots.append(try Self.snapshot(from: message))
      case .message(.binary, _), .assembledMessage(.binary):
        throw .malformed("a snapshot is not text")
      case .ping(let range): try send(.pong, Array(bytes[range]))
      case .pong: break
      case .close(let code, let reason):
        state = .ended(.closed(code ?? .noStatusReceived, reason: reason))
        try goodbye(code ?? .normalClosure)
      case .violation(let violation):
        try goodbye(violation.closeCode)
        throw .malformed("a frame breaks a rule: \(violation)")
      }
    }
    rest = Array(bytes[cursor...])
    try flush()
  }

  private func next(in bytes: inout [UInt8], from cursor: inout Int) -> Event? {
    let end = bytes.count
    var span = bytes.mutableSpan
    return endpoint.next(in: &span, from: &cursor, upTo: end)
  }

  private static func snapshot(
    from json: some Sequence<UInt8>
  ) throws(ControlClientError) -> Snapshot {
    do {
      return try ControlJSON.decode(Snapshot.self, from: json)
    } catch {
      throw .malformed(error.error.message)
    }
  }

  private func send(_ opcode: Opcode, _ payload: [UInt8]) throws(ControlClientError) {
    var frame: [UInt8] = []
    FrameEncoder.append(opcode, payload: payload.span, maskingKey: Self.maskingKey(), to: &frame)
    try socket.write(frame)
  }

  /// Answers the engine's close frame, or tells it what it did wrong; whether that arrives is no
  /// matter any more.
  private func goodbye(_ code: CloseCode) throws(ControlClientError) {
    var frame: [UInt8] = []
    FrameEncoder.appendClose(code, maskingKey: Self.maskingKey(), to: &frame)
    try socket.write(frame)
    try? socket.flush()
  }

  /// A key that nobody can foresee, new for each frame (RFC 6455 §5.3).
  private static func maskingKey() -> UInt32 {
    var generator = SystemRandomNumberGenerator()
    return UInt32.random(in: .min ... .max, using: &generator)
  }
}

@available(*, unavailable)
extension WatchConnection: Sendable {}
