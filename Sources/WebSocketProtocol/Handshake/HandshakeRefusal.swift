/// The reason why a request is answered with HTTP instead of an open session: one case a reason.
///
/// ``status``, ``headers`` and ``text`` are the one place that defines the response to the client.
package enum HandshakeRefusal: Error, Hashable, Sendable {
  // The request's head, RFC 9112.

  /// A control byte, or a line that does not end with CRLF.
  case malformedLine
  /// The request line is not a method, a target and a version.
  case malformedRequestLine
  /// The target is neither a path nor an absolute URI of HTTP.
  case malformedTarget
  /// A header field against the grammar, a folded one, or whitespace before its colon.
  case malformedField
  /// The head is over the limit `header-bytes`.
  case headTooLarge
  /// The head has more than 128 fields.
  case tooManyFields
  /// A version of HTTP other than 1.1.
  case unsupportedHTTPVersion
  /// No Host field.
  case missingHost
  /// More than one Host field, or one that is no host and port.
  case malformedHost
  /// The length of the body is ambiguous.
  case malformedBodyLength
  /// A percent-encoding that is not two hexadecimal digits, or not UTF-8 once decoded.
  case malformedPercentEncoding

  /// A header of the PROXY protocol that is malformed, truncated or over 2064 bytes.
  case malformedProxyHeader

  // The opening handshake, RFC 6455 §4.2.1.

  /// A method other than GET.
  case methodNotGET
  /// A plain GET, without an Upgrade field.
  case missingUpgrade
  /// The Upgrade field does not list `websocket`.
  case upgradeNotWebSocket
  /// The Connection field does not list `Upgrade`.
  case connectionNotUpgrade
  /// No Sec-WebSocket-Version field.
  case missingWebSocketVersion
  /// A version of the WebSocket protocol other than 13.
  case unsupportedWebSocketVersion
  /// No Sec-WebSocket-Key field.
  case missingKey
  /// A Sec-WebSocket-Key that is not the base64 of 16 bytes, or more than one.
  case malformedKey
  /// The request has a body.
  case unexpectedBody
  /// A Sec-WebSocket-Protocol that is no list of different tokens.
  case malformedSubprotocols
  /// A Sec-WebSocket-Extensions against the grammar of §9.1.
  case malformedExtensions
  /// More than one Origin field.
  case malformedOrigin

  // The server's own reasons.

  /// The page that opened the connection is of an origin that may not.
  case originNotAllowed
  /// The Host is no name that the server answers to.
  case hostNotAllowed
  /// The middleware or the handler forbids it.
  case forbidden
  /// No route has that path.
  case noRoute
  /// A path parameter does not convert to its type.
  case invalidPathParameter
  /// The head did not come within `handshake-timeout`.
  case handshakeTimedOut
  /// The limit `sessions-per-address` is reached.
  case tooManySessionsFromAddress
  /// The limit `sessions` is reached.
  case tooManySessions
  /// The limit `openings` is reached, and this connection was the oldest of them.
  case tooManyOpenings
  /// The limit `handshakes-per-second` is reached.
  case tooManyHandshakes
  /// The limit `buffered-bytes` is reached.
  case tooManyBufferedBytes
  /// No descriptor is left, and the request was slow to come.
  case outOfDescriptors
  /// The server is shutting down.
  case draining
  /// The client speaks HTTP without TLS on a port that speaks TLS.
  case plainHTTPToTLS
  /// None of the route's upstreams is up.
  case noUpstream
  /// No connection to the upstream could be made.
  case upstreamUnreachable
  /// The upstream did not connect or answer within `upstream-timeout`.
  case upstreamTimedOut
  /// The upstream answered with neither a handshake nor a refusal of one.
  case upstreamAnswerInvalid
  /// The handler failed before it accepted.
  case handlerFailed
  /// The handler refused with a status and a text of its own.
  case rejected(HTTPStatus, body: String)

  init(_ failure: HeadReader.Failure) {
    self =
      switch failure {
      case .malformedLine: .malformedLine
      case .malformedField: .malformedField
      case .tooLarge: .headTooLarge
      case .tooManyFields: .tooManyFields
      }
  }

  /// The status of the response.
  package var status: HTTPStatus {
    switch self {
    case .malformedLine, .malformedRequestLine, .malformedTarget, .malformedField, .missingHost,
      .malformedHost, .malformedBodyLength, .malformedPercentEncoding, .upgradeNotWebSocket,
      .connectionNotUpgrade, .missingWebSocketVersion, .missingKey, .malformedKey,
      .unexpectedBody, .malformedSubprotocols, .malformedExtensions, .malformedOrigin,
      .plainHTTPToTLS, .malformedProxyHeader:
      .badRequest
    case .headTooLarge, .tooManyFields: .requestHeaderFieldsTooLarge
    case .unsupportedHTTPVersion: .httpVersionNotSupported
    case .methodNotGET: .methodNotAllowed
    case .missingUpgrade, .unsupportedWebSocketVersion: .upgradeRequired
    case .originNotAllowed, .forbidden: .forbidden
    case .hostNotAllowed: .misdirectedRequest
    case .noRoute, .invalidPathParameter: .notFound
    case .handshakeTimedOut: .requestTimeout
    case .tooManySessionsFromAddress: .tooManyRequests
    case .tooManySessions, .tooManyOpenings, .tooManyHandshakes, .tooManyBufferedBytes,
      .outOfDescriptors, .draining, .noUpstream:
      .serviceUnavailable
    case .upstreamUnreachable, .upstreamAnswerInvalid: .badGateway
    case .upstreamTimedOut: .gatewayTimeout
    case .handlerFailed: .internalServerError
    case .rejected(let status, _): status
    }
  }

  /// A short term for counters and log fields, such as `missing-key`; it never changes.
  package var name: String {
    switch self {
    case .malformedLine: "malformed-line"
    case .malformedRequestLine: "malformed-request-line"
    case .malformedTarget: "malformed-target"
    case .malformedField: "malformed-field"
    case .headTooLarge: "head-too-large"
    case .tooManyFields: "too-many-fields"
    case .unsupportedHTTPVersion: "unsupported-http-version"
    case .missingHost: "missing-host"
    case .malformedHost: "malformed-host"
    case .malformedBodyLength: "malformed-body-length"
    case .malformedPercentEncoding: "malformed-percent-encoding"
    case .malformedProxyHeader: "malformed-proxy-header"
    case .methodNotGET: "method-not-get"
    case .missingUpgrade: "missing-upgrade"
    case .upgradeNotWebSocket: "upgrade-not-websocket"
    case .connectionNotUpgrade: "connection-not-upgrade"
    case .missingWebSocketVersion: "missing-websocket-version"
    case .unsupportedWebSocketVersion: "unsupported-websocket-version"
    case .missingKey: "missing-key"
    case .malformedKey: "malformed-key"
    case .unexpectedBody: "unexpected-body"
    case .malformedSubprotocols: "malformed-subprotocols"
    case .malformedExtensions: "malformed-extensions"
    case .malformedOrigin: "malformed-origin"
    case .originNotAllowed: "origin-not-allowed"
    case .hostNotAllowed: "host-not-allowed"
    case .forbidden: "forbidden"
    case .noRoute: "no-route"
    case .invalidPathParameter: "invalid-path-parameter"
    case .handshakeTimedOut: "handshake-timed-out"
    case .tooManySessionsFromAddress: "too-many-sessions-from-address"
    case .tooManySessions: "too-many-sessions"
    case .tooManyOpenings: "too-many-openings"
    case .tooManyHandshakes: "too-many-handshakes"
    case .tooManyBufferedBytes: "too-many-buffered-bytes"
    case .outOfDescriptors: "out-of-descriptors"
    case .draining: "draining"
    case .plainHTTPToTLS: "plain-http-to-tls"
    case .noUpstream: "no-upstream"
    case .upstreamUnreachable: "upstream-unreachable"
    case .upstreamTimedOut: "upstream-timed-out"
    case .upstreamAnswerInvalid: "upstream-answer-invalid"
    case .handlerFailed: "handler-failed"
    case .rejected: "rejected"
    }
  }
}
