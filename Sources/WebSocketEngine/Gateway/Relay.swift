import Vocabulary
import WebSocketProtocol

/// The handler of a relayed session, which joins the session to its upstream's leg and tells the
/// upstream of its end.
///
/// Messages do not pass through it.
/// Confined to its reactor.
final class Relay: SessionHandler {
  private var upstream: UpstreamLeg?

  /// A relay to an upstream whose opening handshake is done.
  init(to upstream: UpstreamLeg) {
    self.upstream = upstream
  }

  func opened(_ session: Session) {
    guard let upstream else { return }
    session.makeExtras().upstream = upstream
    session.setInspection(.relayed, true)
    upstream.begin(for: session)
  }

  func received(_ message: Span<UInt8>, as kind: MessageKind, on session: Session) {
    preconditionFailure("a relayed session's messages go to its upstream")
  }

  func closed(_ close: SessionClose, on session: Session) {
    session.extras?.upstream = nil
    upstream?.sessionClosed(close)
    upstream = nil
  }
}

@available(*, unavailable)
extension Relay: Sendable {}
