package import ControlProtocol
package import EventLoop
internal import Vocabulary
package import WebSocketProtocol

/// The address of an engine.
package enum ControlTarget: Sendable {
  /// On this machine, at the path of its socket.
  case local(ControlPath)
  /// Elsewhere, behind TLS and a token.
  case remote(RemoteTarget)

  /// The text for people: the path, or the URL.
  package var text: String {
    switch self {
    case .local(let path): path.socket
    case .remote(let target): target.text
    }
  }
}

/// An engine elsewhere: its address, how its certificate is verified, and the token for it.
///
/// The name is looked up once, so that connecting anew never waits for the network's names.
package struct RemoteTarget: Sendable {
  /// The way in which the engine's certificate is verified.
  package enum Trust: Sendable {
    /// One of the system's authorities has signed it, for the engine's name.
    case system
    /// One of the certificates in a file has signed it, for the engine's name.
    case authorities(String)
    /// It is the certificate with this SHA-256, whoever has signed it.
    case fingerprint(SHA256Digest)
  }

  /// The URL: `wss://engine.example:9443`.
  package let text: String
  let host: String
  let authority: String
  let address: ResolvedAddress
  let context: TLSContext
  let fingerprint: SHA256Digest?
  let token: String

  /// Looks the host up; of several addresses the first at which an engine listens is taken.
  ///
  /// - Precondition: the URL is secure, and the token one that `BearerToken` allows.
  /// - Throws: `ControlClientError`: `unreachable` if there is no such host, `notPermitted` if the
  ///   authorities cannot be used.
  package init(
    _ url: WebSocketURL, trusting trust: Trust, token: String
  ) throws(ControlClientError) {
    precondition(url.isSecure && BearerToken.isToken(token.utf8))
    text = "wss://" + url.authority
    host = url.host
    authority = url.authority
    self.token = token
    let verification: TLSContext.Verification
    switch trust {
    case .system: (verification, fingerprint) = (.system, nil)
    case .authorities(let path): (verification, fingerprint) = (.authorities(path), nil)
    // The fingerprint is compared once the certificate has come, before anything is sent.
    case .fingerprint(let wanted): (verification, fingerprint) = (.nothing, wanted)
    }
    do throws(TLSError) {
      context = try TLSContext.client(verifying: verification)
    } catch {
      throw .notPermitted(path: error.subject, reason: error.reason)
    }
    do throws(SystemError) {
      address = try ResolvedAddress.listening(host: url.host, port: url.port)
    } catch {
      throw .unreachable(path: text, reason: "the host cannot be resolved: \(error.reason)")
    }
  }
}
