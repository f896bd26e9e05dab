extension UpstreamAnswer {
  /// The reason why bytes are no answer to an upgrade; its description is for a log.
  package enum Fault: Error, Hashable, Sendable, CustomStringConvertible {
    /// There is no head of a response.
    case head(FinalHeadReader.Failure)
    /// The status is one of success, which is no answer to an upgrade.
    case status(HTTPStatus)
    /// A 101 of HTTP/1.0.
    case oldVersion
    /// A 101 that a check of RFC 6455 §4.1 finds wrong.
    case handshake(ClientHandshake.Failure)
    /// A refusal whose body has no clear end.
    case body(BodyReader.Fault)

    /// A short text about the upstream.
    package var description: String {
      switch self {
      case .head(.malformed): "the upstream's answer is no HTTP response"
      case .head(.tooLarge):
        "the head of the upstream's answer has more than \(maximumHeadByteCount) bytes"
      case .head(.tooManyInterim):
        "the upstream sends more than \(FinalHeadReader.maximumInterimCount) interim answers"
      case .status(let status): "the upstream answers \(status.rawValue) to an upgrade"
      case .oldVersion: "its 101 is of HTTP/1.0, which has no upgrade"
      case .handshake(let failure): Self.text(of: failure)
      case .body(let fault): "the body of its refusal: \(fault)"
      }
    }

    private static func text(of failure: ClientHandshake.Failure) -> String {
      switch failure {
      case .unexpectedStatus(let status): "the upstream answers \(status.rawValue) to an upgrade"
      case .upgradeNotWebSocket: "its 101 does not upgrade to websocket"
      case .connectionNotUpgrade: "its 101 does not list Upgrade in Connection"
      case .acceptMismatch: "its Sec-WebSocket-Accept is not the one of the key"
      case .subprotocolNotOffered: "it chose a subprotocol that was not offered"
      case .extensionNotOffered: "it chose an extension that was not offered"
      case .extensionParametersInvalid: "it chose parameters of permessage-deflate that it may not"
      }
    }
  }
}
