internal import ControlProtocol
internal import EventLoop
internal import Vocabulary
internal import WebSocketEngine
internal import WebSocketProtocol

extension Conversation {
  /// The engine's side of a watch or a tap.
  ///
  /// Its output has no limit of its own: a snapshot or a batch is made when the one before has been
  /// taken, and a client that leaves too much waiting is dropped.
  init(_ settings: ControlSettings) {
    self.init(
      .server,
      limits: Limits(
        messageByteCount: 64 << 10, outputByteCount: .max, closeTimeout: settings.closeTimeout))
  }
}

/// The WebSocket of a watch or a tap.
extension ClientConnection {
  /// Whether it is a WebSocket.
  var isPushing: Bool {
    switch mode {
    case .watching, .tapping: true
    default: false
    }
  }

  /// Takes received bytes.
  func converse(_ bytes: Span<UInt8>) {
    // The last request counts: each replaces the one before.
    var request: [UInt8]?
    for received in conversation.receive(bytes, now: loop.reactor.now) {
      switch received {
      case .message(.text, let json): request = json
      case .message(.binary, _):
        close(.unsupportedData, reason: "what is asked for is JSON in a text")
      case .close, .violation: break
      }
    }
    if let request, conversation.isOpen { take(request) }
    settleConversation()
    // All input of this turn is answered with one snapshot.
    if let watch, watch.isDue(loop.reactor.now) || watch.request?.details != nil {
      loop.pushSoon(self)
    }
  }

  private func take(_ json: [UInt8]) {
    do throws(ChannelFault) {
      switch mode {
      case .watching(let watch): try watch.take(json, now: loop.reactor.now)
      case .tapping(let tap):
        loop.context.server.change(tap.tap, to: try TapStream.criteria(json))
      default: break
      }
    } catch {
      close(error.code, reason: error.reason)
    }
  }

  private func close(_ code: CloseCode, reason: String) {
    conversation.close(code, reason: reason, now: loop.reactor.now)
  }

  /// Pushes a snapshot or a batch if one is due and the last one was taken.
  func push() {
    switch mode {
    case .watching(let watch): push(watch)
    case .tapping(let tap): push(tap)
    default: break
    }
  }

  /// Sends a text.
  func push(_ json: [UInt8]) {
    conversation.send(json.span, as: .text)
    settleConversation()
  }

  /// Closes the WebSocket of a watch or a tap.
  func goAway(_ code: CloseCode = .goingAway, reason: String = "the engine stops") {
    guard isPushing else { return }
    close(code, reason: reason)
    settleConversation()
  }

  /// Takes the end of the client's stream; a client that has closed before is sent what it is owed.
  func conversationEnds() {
    let isOwedOutput = conversation.phase == .ending
    conversation.streamEnded()
    if isOwedOutput { settleConversation() } else { close() }
  }

  /// The time of the next push, or of the end of a client that does not answer a close frame.
  var conversationWakeUp: Instant? {
    guard conversation.isOpen else { return conversation.deadline }
    return switch mode {
    case .watching(let watch): watch.wakeUp
    case .tapping(let tap): tap.wakeUp
    default: nil
    }
  }

  /// Does what the conversation wants after it was told something: sends, and ends the connection.
  func settleConversation() {
    guard isPushing else { return }
    if backlogByteCount == 0 {
      let output = conversation.takeOutput(now: loop.reactor.now)
      if !output.isEmpty { send(output) }
    }
    if conversation.phase == .ended, backlogByteCount == 0 {
      close()
    } else if conversation.phase == .ended || conversation.endsFirst {
      finish()
    }
    scheduleWakeUp()
  }
}
