import EventLoop
import Vocabulary
import WebSocketProtocol

/// The reason why a connection was not opened, or ended in another way than by a closing handshake.
enum LoadFailure: Hashable, Sendable {
  /// A call of the system failed: `connect`, `recv` or `send`.
  case system(call: String, number: Int32)
  /// TLS failed; OpenSSL's reason.
  case tls(String)
  /// The connection was lost while sending over TLS.
  case lost
  /// The handshake was not complete in time.
  case handshakeTimedOut
  /// The server refused with an HTTP status.
  case refused(status: Int)
  /// The server's answer to the handshake breaks a rule of RFC 6455 §4.1.
  case badAnswer(ClientHandshake.Failure)
  /// The server answered with something other than HTTP/1.1.
  case noHTTP
  /// The server answered with a record of TLS.
  case speaksTLS
  /// The server ended the connection before it had answered.
  case endedInHandshake
  /// The server broke a rule of RFC 6455; the rule's name.
  case violation(String)

  init(_ failure: ClientHandshake.Failure) {
    if case .unexpectedStatus(let status) = failure {
      self = .refused(status: status.rawValue)
    } else {
      self = .badAnswer(failure)
    }
  }

  init(_ error: SystemError) {
    self = .system(call: error.call, number: error.number)
  }
}

extension LoadFailure: CustomStringConvertible {
  /// One line for a person and a stable name for a program; nothing of it comes from the server.
  var description: String {
    switch self {
    case .system(let call, let number): SystemError(call: call, number: number).description
    case .tls(let reason): "TLS: \(reason)"
    case .lost: "the connection was lost while sending"
    case .handshakeTimedOut: "the handshake timed out"
    case .refused(let status):
      "refused: HTTP \(Self.named(status))"
    case .badAnswer(let failure): "bad answer to the handshake: \(Self.sentence(failure))"
    case .noHTTP: "the server does not speak HTTP/1.1"
    case .speaksTLS: "the server speaks TLS: use wss://"
    case .endedInHandshake: "the server closed during the handshake"
    case .violation(let name): "the server broke RFC 6455: \(name)"
    }
  }

  private static func named(_ status: Int) -> String {
    guard let phrase = HTTPStatus(rawValue: status)?.reasonPhrase, !phrase.isEmpty else {
      return "\(status)"
    }
    return "\(status) \(phrase)"
  }

  private static func sentence(_ failure: ClientHandshake.Failure) -> String {
    switch failure {
    case .unexpectedStatus(let status): "HTTP \(status.rawValue)"
    case .upgradeNotWebSocket: "Upgrade is not websocket"
    case .connectionNotUpgrade: "Connection does not say Upgrade"
    case .acceptMismatch: "Sec-WebSocket-Accept does not belong to the key"
    case .subprotocolNotOffered: "a subprotocol that was not offered"
    case .extensionNotOffered: "an extension that was not offered"
    case .extensionParametersInvalid: "parameters of permessage-deflate that were not offered"
    }
  }
}
