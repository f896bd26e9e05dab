import EventLoop
import Vocabulary
import WebSocketProtocol

/// Passes an upstream's refusal to the client whole: status, fields and body, as fast as the client
/// takes it.
///
/// Confined to its reactor.
final class RefusalRelay {
  private let opening: OpeningConnection
  private var connection = Connection()
  private var reader: BodyReader
  private let isChunked: Bool
  private var timer = Reactor.Registration.none
  private var isOver = false

  /// A relay to a client whose handshake is under way; takes over the upstream's connection.
  init(_ refusal: UpstreamRefusal, from dial: UpstreamDial, to opening: OpeningConnection) {
    self.opening = opening
    reader = BodyReader(refusal.framing)
    isChunked = refusal.framing == .chunked
    swap(&connection, &dial.connection)
  }

  private var sessions: SessionReactor { opening.sessions }

  /// Passes on what has come of the body, and watches for the rest.
  func start(_ refusal: UpstreamRefusal, _ body: [UInt8], timeout: Duration) {
    timer = sessions.reactor.registerTimer(self)
    sessions.reactor.setDeadline(sessions.now.advanced(by: timeout), for: timer)
    connection.setHandler(self, with: sessions.reactor)
    opening.owe(refusal.responseHead)
    take(body.span)
  }

  /// Gives the relay up.
  func cancel() {
    guard !isOver else { return }
    isOver = true
    sessions.reactor.unregister(timer)
    connection.close(sessions.reactor)
    sessions.acceptors.descriptorFreed()
  }

  /// Reads on when the client has taken what it is owed.
  func clientTookAll() {
    guard !isOver else { return }
    connection.setPause(.backlog, false, with: sessions.reactor)
  }

  private func take(_ bytes: Span<UInt8>) {
    var cursor = 0
    do throws(BodyReader.Fault) {
      while let event = try reader.next(in: bytes, from: &cursor) {
        switch event {
        case .payload(let range): pass(bytes.extracting(range))
        case .end: return end()
        }
        guard !isOver else { return }
      }
    } catch {
      // The client sees that the body is cut.
      return cut()
    }
    if opening.connection.hasBacklog {
      connection.setPause(.backlog, true, with: sessions.reactor)
    }
  }

  private func pass(_ payload: Span<UInt8>) {
    if isChunked {
      opening.owe(
        ChunkedCoding.chunkStart(byteCount: payload.count) + Array(copying: payload)
          + ChunkedCoding.chunkEnd)
    } else {
      opening.owe(Array(copying: payload))
    }
  }

  private func end() {
    if isChunked { opening.owe(ChunkedCoding.end) }
    cancel()
    opening.endAnswer()
  }

  private func cut() {
    cancel()
    opening.close()
  }

  private func receive() {
    let descriptor = connection.descriptor
    let input = sessions.input
    if let tls = connection.tls {
      let received = input.withBytes { tls.receive(from: descriptor, into: &$0, from: 0) }
      takeCopy(received.byteCount)
      if !isOver, received.end != nil { endOfStream() }
      return
    }
    switch input.withBytes({ Syscalls.receive(descriptor, into: &$0, from: 0) }) {
    case .bytes(let count): takeCopy(count)
    case .wouldBlock: break
    case .endOfStream: endOfStream()
    case .failed: cut()
    }
  }

  private func takeCopy(_ count: Int) {
    guard count > 0 else { return }
    // The bytes are copied out, since sending may use the reactor's buffer.
    take(sessions.input.array(of: 0..<count).span)
  }

  private func endOfStream() {
    do throws(BodyReader.Fault) {
      try reader.receiveEndOfStream()
      end()
    } catch {
      cut()
    }
  }
}

extension RefusalRelay: ReactorHandler {
  func handle(_ readiness: Readiness) {
    guard !isOver else { return }
    if readiness.wantsWrite { _ = connection.flush(sessions.reactor) }
    if readiness.wantsRead, !connection.isPaused { receive() }
    if !isOver, connection.isPaused, readiness.isBroken { cut() }
  }

  func handleDeadline() {
    guard !isOver else { return }
    cut()
  }
}

@available(*, unavailable)
extension RefusalRelay: Sendable {}

extension OpeningConnection {
  /// Passes an upstream's refusal on to the client.
  func passOn(_ refusal: UpstreamRefusal, _ body: [UInt8], from dial: UpstreamDial) {
    guard phase == .deciding else { return }
    sessions.server.ledger.recordRefusal(
      "upstream-refused", status: refusal.status.rawValue)
    let relay = RefusalRelay(refusal, from: dial, to: self)
    refusalRelay = relay
    relay.start(refusal, body, timeout: Self.refusalDuration)
  }

  /// The most time that a refusal's body may take.
  static let refusalDuration = Duration.seconds(60)

  /// Sends bytes of an answer, or has them wait until the client takes them.
  func owe(_ bytes: [UInt8]) {
    guard phase == .deciding, !bytes.isEmpty else { return }
    var backlog = connection.backlog.take() ?? Backlog()
    backlog.append(frames: SharedBytes(copying: bytes.span), leftOfFirst: bytes.count)
    connection.backlog = backlog
    if connection.flush(sessions.reactor).hasFailed { close() }
  }

  /// Ends the answer once the client has taken all of it.
  func endAnswer() {
    guard phase == .deciding else { return }
    isAnswered = true
    endAnswerIfSent()
  }

  /// Goes on after output was sent.
  func answerWasSent() {
    guard phase == .deciding, !connection.hasBacklog else { return }
    refusalRelay?.clientTookAll()
    endAnswerIfSent()
  }

  private func endAnswerIfSent() {
    guard isAnswered, !connection.hasBacklog else { return }
    _ = connection.tls?.sendCloseNotify(to: connection.descriptor)
    discardRest()
  }
}
