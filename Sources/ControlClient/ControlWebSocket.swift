internal import ControlProtocol
package import EventLoop
internal import Vocabulary
internal import WebSocketProtocol

/// A WebSocket of the control API: the client sends what it wants, the engine pushes values, both
/// in JSON.
///
/// It never blocks: the caller watches ``descriptor`` for ``interest`` and calls ``flush()`` and
/// ``receive()`` when it is ready; after an error the connection is of no more use. One thread uses
/// a connection.
package final class ControlWebSocket<Wanted: Encodable, Pushed: Decodable> {
  private enum State {
    /// The opening handshake is under way.
    case connecting(ClientHandshake, ReplyReader)
    /// Texts come.
    case open
    /// The engine has closed.
    case ended(ControlClientError)
  }

  /// The largest text, in bytes.
  private static var maximumMessageByteCount: Int { 64 << 20 }

  private var socket: ControlSocket
  private var state: State
  /// The frames, once the engine has accepted the opening handshake.
  private var conversation = Conversation(
    .client { UInt32.random(in: .min ... .max) },
    limits: Conversation.Limits(
      messageByteCount: maximumMessageByteCount,
      outputByteCount: ControlSocket.maximumOutputByteCount))
  /// The text to send, until it has been; a later one replaces an earlier one.
  private var text: [UInt8]?

  /// A WebSocket on a socket that is connected to an engine and does not block.
  ///
  /// - Parameters:
  ///   - target: the path and query of the opening handshake.
  ///   - wanted: the first text to send, if the target does not say it.
  init(
    on socket: consuming ControlSocket, target: String, saying wanted: Wanted? = nil
  ) throws(ControlClientError) {
    text = wanted.map { ControlJSON.encode($0) }
    self.socket = socket
    state = .open
    try startHandshake(target)
  }

  /// The descriptor to wait for; it stays the connection's own.
  package var descriptor: Int32 { socket.descriptor }

  /// The events that the descriptor is to be watched for now.
  package var interest: Interest { socket.interest }

  /// Whether the engine has accepted the opening handshake, and the connection has not ended.
  package var isOpen: Bool { if case .open = state { true } else { false } }

  /// Sends what is wanted from here on, as soon as there is room for it.
  ///
  /// - Throws: `ControlClientError`.
  package func say(_ wanted: Wanted) throws(ControlClientError) {
    text = ControlJSON.encode(wanted)
    try flush()
  }

  /// Sends what the socket takes.
  ///
  /// - Throws: `ControlClientError`.
  package func flush() throws(ControlClientError) {
    try socket.flush()
    guard !socket.hasOutput else { return }
    if case .open = state, let text {
      self.text = nil
      guard conversation.send(text.span, as: .text) else { throw .tooManyRequests }
    }
    try socket.write(conversation.takeOutput(now: SystemClock.monotonic()))
    try socket.flush()
  }

  /// Takes the received bytes, and the values in them.
  ///
  /// Values that came before the connection ended are returned first; the next call throws.
  ///
  /// - Throws: `ControlClientError`: `refused` if the engine refuses the opening handshake,
  ///   `closed` and `connectionLost` when it is over, `malformed` if a text is no such value.
  package func receive() throws(ControlClientError) -> [Pushed] {
    var values: [Pushed] = []
    for text in try receiveTexts() {
      do throws(ControlError) {
        values.append(try ControlJSON.decode(Pushed.self, from: text))
      } catch {
        throw .malformed(error.error.message)
      }
    }
    return values
  }

  private func receiveTexts() throws(ControlClientError) -> [[UInt8]] {
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
    }
    let texts = converse(input)
    do throws(ControlClientError) {
      try flush()
    } catch {
      end(error)
    }
    if socket.isAtEnd { end(.connectionLost) }
    if texts.isEmpty, case .ended(let error) = state { throw error }
    return texts
  }

  /// Takes frames, and gives the texts in them.
  private func converse(_ input: [UInt8]) -> [[UInt8]] {
    var texts: [[UInt8]] = []
    for received in conversation.receive(input.span, now: SystemClock.monotonic()) where isOpen {
      switch received {
      case .message(.text, let text): texts.append(text)
      case .message(.binary, _):
        conversation.close(
          .unsupportedData, reason: "what is pushed is JSON in a text",
          now: SystemClock.monotonic())
        end(.malformed("what it pushes is not text"))
      case .close(let code, let reason): end(.closed(code ?? .noStatusReceived, reason: reason))
      case .violation(let violation): end(.malformed("a frame breaks a rule: \(violation)"))
      }
    }
    return texts
  }

  /// Notes the end, unless there was one before.
  private func end(_ error: ControlClientError) {
    if case .open = state { state = .ended(error) }
  }

  // MARK: The opening handshake

  private func startHandshake(_ target: String) throws(ControlClientError) {
    var generator = SystemRandomNumberGenerator()
    let key = (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    var headers = Headers()
    if let token = socket.token {
      _ = headers.append(name: "Authorization", value: "Bearer \(token)")
    }
    let handshake = ClientHandshake(
      host: socket.host, target: target, key: key, headers: headers)
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
}

@available(*, unavailable)
extension ControlWebSocket: Sendable {}
