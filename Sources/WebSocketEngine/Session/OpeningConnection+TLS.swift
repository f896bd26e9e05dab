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
    guard connection.tls == nil else { return receiveSealed() }
    do throws(TLSError) {
      // TLS is made only now: a peer without a whole ClientHello costs no memory of OpenSSL's.
      let tls = try TLSConnection(server: context, sessions.tlsBuffers)
      connection.secure(with: tls)
      let hello = head
      head = []
      receiveSealed(behind: hello)
    } catch {
      log(error)
      close()
    }
  }

  /// Reads once through TLS.
  ///
  /// - Parameter taken: the bytes that were taken from the socket before.
  func receiveSealed(behind taken: [UInt8] = []) {
    guard let tls = connection.tls else { return }
    let descriptor = connection.descriptor
    let received = sessions.input.withBytes {
      tls.receive(from: descriptor, behind: taken, into: &$0, from: 0)
    }
    if tls.hasUnsent {
      connection.backlog = connection.backlog ?? Backlog()
      connection.watchForRoom(sessions.reactor)
    }
    if phase == .securing, tls.isOpen { phase = .reading }
    account()
    if phase == .reading, received.byteCount > 0 { read(received.byteCount) }
    switch received.end {
    case nil: break
    // A request right before its end is answered.
    case .endOfStream?: if phase == .securing || phase == .reading { close() }
    case .failed(let error)?: fail(error)
    case .lost?: close()
    }
  }

  /// Refuses a connection that cannot be secured; the alert for that is sent.
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
