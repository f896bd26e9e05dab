internal import COpenSSL

/// The state that a client needs to resume a session (RFC 8446 §2.2).
///
/// It is used for one connection at a time: a server of TLS 1.3 gives a new one with each.
@safe
package final class TLSSession {
  let pointer: OpaquePointer

  fileprivate init(owning pointer: OpaquePointer) {
    unsafe self.pointer = pointer
  }

  deinit {
    unsafe SSL_SESSION_free(pointer)
  }
}

@available(*, unavailable)
extension TLSSession: Sendable {}

extension TLSConnection {
  /// The session, once it can be resumed: with TLS 1.3 after the server's ticket was opened.
  package var session: TLSSession? {
    guard let session = unsafe SSL_get1_session(pointer) else { return nil }
    let owned = unsafe TLSSession(owning: session)
    return unsafe SSL_SESSION_is_resumable(session) == 1 ? owned : nil
  }
}
