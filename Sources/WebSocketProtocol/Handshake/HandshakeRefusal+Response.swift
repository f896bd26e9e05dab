extension HandshakeRefusal {
  /// The fields that the status asks for, besides those of every response.
  package var headers: Headers {
    switch self {
    case .methodNotGET: Self.headers(("Allow", "GET"))
    case .missingUpgrade: Self.headers(("Upgrade", "websocket"))
    // "The server MUST respond with a |Sec-WebSocket-Version| header field" (RFC 6455 §4.4), and
    // a 426 names the protocol to upgrade to (RFC 9110 §15.5.22).
    case .unsupportedWebSocketVersion:
      Self.headers(("Upgrade", "websocket"), ("Sec-WebSocket-Version", "13"))
    case .tooManyHandshakes: Self.headers(("Retry-After", "1"))
    case .tooManySessions, .tooManySessionsFromAddress, .tooManyOpenings, .tooManyBufferedBytes,
      .outOfDescriptors, .draining, .noUpstream:
      Self.headers(("Retry-After", "5"))
    default: Headers()
    }
  }

  /// One line for a reader of the response's body; it repeats nothing of the request.
  package var text: String {
    switch self {
    case .malformedLine: "A line of the request has a control byte or does not end with CRLF."
    case .malformedRequestLine: "The request line is not a method, a target and a version."
    case .malformedTarget: "The request target is neither a path nor an absolute URI."
    case .malformedField: "A header field is malformed."
    case .headTooLarge: "The head of the request is too large."
    case .tooManyFields: "The request has too many header fields."
    case .unsupportedHTTPVersion: "This server speaks HTTP/1.1."
    case .missingHost: "The request has no Host header field."
    case .malformedHost: "The Host header field is malformed or repeated."
    case .malformedBodyLength: "The length of the request's body is ambiguous."
    case .malformedPercentEncoding: "The path is not percent-encoded UTF-8."
    case .malformedProxyHeader: "The PROXY protocol header is malformed or too long."
    case .methodNotGET: "A WebSocket is opened with GET."
    case .missingUpgrade:
      "This is a WebSocket endpoint: open it with a WebSocket client (ws:// or wss://)."
    case .upgradeNotWebSocket: "The Upgrade header field does not list websocket."
    case .connectionNotUpgrade: "The Connection header field does not list Upgrade."
    case .missingWebSocketVersion: "The request has no Sec-WebSocket-Version header field."
    case .unsupportedWebSocketVersion: "This server speaks version 13 of the WebSocket protocol."
    case .missingKey: "The request has no Sec-WebSocket-Key header field."
    case .malformedKey: "Sec-WebSocket-Key is not one base64 encoding of 16 bytes."
    case .unexpectedBody: "A WebSocket opening handshake has no body."
    case .malformedSubprotocols: "Sec-WebSocket-Protocol is not a list of different tokens."
    case .malformedExtensions: "Sec-WebSocket-Extensions is malformed."
    case .malformedOrigin: "The Origin header field is repeated."
    case .originNotAllowed: "Pages of this origin may not open this WebSocket."
    case .forbidden: "This WebSocket may not be opened."
    case .noRoute: "There is no WebSocket at this path."
    case .invalidPathParameter: "There is no WebSocket at this path: a parameter is invalid."
    case .handshakeTimedOut: "The request did not come in time."
    case .tooManySessionsFromAddress: "Too many sessions from this address."
    case .tooManySessions: "The server has as many sessions as it may."
    case .tooManyOpenings:
      "The server has too many connections whose request is still to come; this was the oldest."
    case .tooManyHandshakes: "Too many handshakes; try again in a second."
    case .tooManyBufferedBytes: "The server is short of memory for new sessions."
    case .outOfDescriptors: "The server has no room for a request that is slow to come."
    case .draining: "The server is shutting down."
    case .hostNotAllowed:
      "This server does not answer to that host name; --allow-host lets it."
    case .plainHTTPToTLS: "This port speaks TLS: use wss:// or https://."
    case .noUpstream: "No server behind this one is up; try again in a few seconds."
    case .upstreamUnreachable: "The server behind this one cannot be reached."
    case .upstreamTimedOut: "The server behind this one did not answer in time."
    case .upstreamAnswerInvalid:
      "The server behind this one answered with what is no WebSocket handshake."
    case .handlerFailed: "The server failed."
    case .rejected(_, let body): body
    }
  }

  /// The whole response: status line, fields, and ``text`` as the body.
  ///
  /// The connection closes after it.
  ///
  /// - Parameters:
  ///   - extraHeaders: fields that are added as they are.
  ///   - isForHEAD: whether it answers HEAD: "the server MUST NOT send content" then (RFC 9110
  ///     §9.3.2), nor the length that a GET would be answered with, since that is another answer.
  package func response(
    extraHeaders: Headers = Headers(), isForHEAD: Bool = false
  ) -> [UInt8] {
    // "A sender of Upgrade MUST also send an 'Upgrade' connection option" (RFC 9110 §7.8).
    let connection = headers["Upgrade"] == nil ? "close" : "Upgrade, close"
    let body = text.isEmpty ? text : text + "\n"
    var response = "HTTP/1.1 \(status.rawValue) \(status.reasonPhrase)\r\n"
    for field in headers { response += "\(field.name): \(field.value)\r\n" }
    for field in extraHeaders { response += "\(field.name): \(field.value)\r\n" }
    response += "Connection: \(connection)\r\n"
    guard !isForHEAD else { return Array((response + "\r\n").utf8) }
    response += "Content-Type: text/plain; charset=utf-8\r\n"
    response += "Content-Length: \(body.utf8.count)\r\n\r\n"
    response += body
    return Array(response.utf8)
  }

  private static func headers(_ fields: (name: String, value: String)...) -> Headers {
    Headers(fields.compactMap { HeaderField(name: $0.name, value: $0.value) })
  }
}
