import EventLoop
import Vocabulary
import WebSocketProtocol

extension OpeningConnection {
  /// Whether the TLS handshake is under way.
  var isSecuring: Bool { phase == .securing }

  /// Takes the TLS handshake a step further when it is this connection's turn.
  func waitForTurn() {
    guard !isInHandshakeQueue else { return }
    isInHandshakeQueue = true
    if sessions.secureSoon(self) {
      connection.setPause(.handshakeTurn, true, with: sessions.reactor)
    }
  }

  /// Takes the TLS handshake a step further: reads once, and answers.
  func secure() {
    isInHandshakeQueue = false
    connection.setPause(.handshakeTurn, false, with: sessions.reactor)
    guard let context = tls else { return }
    if let tls = connection.tls { return receive(through: tls) }
    do throws(TLSError) {
      // Made only now: who connects and says nothing costs no memory of OpenSSL's.
      let tls = try TLSConnection(server: context, sessions.tlsBuffers)
      connection.secure(with: tls)
      receive(through: tls)
    } catch {
      log(error)
      close()
    }
  }

  func receive(through tls: TLSConnection) {
    let descriptor = connection.descriptor
    guard !mayBeginWithProxyHeader || takeProxyHeader(from: descriptor) else { return }
    let received = sessions.input.withBytes { tls.receive(from: descriptor, into: &$0, from: 0) }
    if tls.hasUnsent {
      connection.backlog = connection.backlog ?? Backlog()
      connection.watchForRoom(sessions.reactor)
    }
    if phase == .securing, tls.isOpen { phase = .reading }
    if phase == .reading, received.byteCount > 0 { read(received.byteCount) }
    switch received.end {
    case nil: break
    // A request right before its end is answered.
    case .endOfStream?: if phase == .securing || phase == .reading { close() }
    case .failed(let error)?: fail(error)
    case .lost?: close()
    }
  }

  /// Takes the header of a trusted proxy off what stands in front of the TLS handshake.
  ///
  /// It is looked at where it is: what comes behind it is OpenSSL's.
  ///
  /// - Returns: whether the handshake can be looked at.
  private func takeProxyHeader(from descriptor: Int32) -> Bool {
    let input = sessions.input
    guard case .bytes(let count) = input.withBytes({ Syscalls.peek(descriptor, into: &$0) }) else {
      // An end or a failure is told by the next read as well.
      return true
    }
    switch input.withSpan({ ProxyHeaderParser.parse($0.extracting(0..<count)) }) {
    case .incomplete:
      // What is only looked at would be reported again and again.
      Socket.setReadableByteCount(descriptor, count + 1)
      return false
    case .absent: break
    case .header(let header, let byteCount):
      proxyHeader = header
      _ = input.withBytes {
        Syscalls.receive(descriptor, into: &$0, from: 0, atMost: byteCount)
      }
    case .malformed:
      countRefusal(.malformedProxyHeader)
      Socket.setReadableByteCount(descriptor, 1)
      discardRest()
      return false
    }
    Socket.setReadableByteCount(descriptor, 1)
    mayBeginWithProxyHeader = false
    return true
  }

  /// Refuses a connection that cannot be secured; the alert that says so is sent.
  private func fail(_ error: TLSError) {
    guard phase == .securing || phase == .reading else { return }
    let ledger = sessions.server.ledger
    switch error.kind {
    case .plainHTTP:
      let refusal = HandshakeRefusal.plainHTTPToTLS
      ledger.recordRefusal(refusal.name, status: refusal.status.rawValue)
      _ = Syscalls.send(connection.descriptor, refusal.response().span)
    case .certificateRefused: ledger.recordRefusal("client-certificate-refused", status: 0)
    case .noCommonApplicationProtocol:
      ledger.recordRefusal("no-common-application-protocol", status: 0)
    case .file, .setUp, .connection, .tooMuchOutput:
      ledger.recordRefusal("tls-handshake-failed", status: 0)
    }
    discardRest()
  }
}
