/// An upstream's refusal of an upgrade, which the client gets whole: status, fields and body.
package struct UpstreamRefusal: Hashable, Sendable {
  /// The status, from 300 on.
  package let status: HTTPStatus
  /// The fields for the client; Content-Length is among them if the body is delimited so.
  package let headers: Headers
  /// The delimitation of the body that follows the upstream's head, to read it by.
  package let framing: BodyReader.Framing

  /// The refusal of a head that is neither a 101 nor a success.
  ///
  /// - Throws: the fault of a body without a clear end.
  init(_ head: ResponseHead) throws(BodyReader.Fault) {
    status = head.status
    framing = try BodyReader.Framing(of: head)
    let isCounted = framing == .chunked || framing == .untilEnd ? false : true
    // A refusal may say what versions and subprotocols would do (RFC 6455 §4.4); an accept would
    // say that the handshake succeeded.
    headers = head.headers.endToEnd(
      without: isCounted ? ["sec-websocket-accept"] : ["sec-websocket-accept", "content-length"])
  }

  /// The head of the response to the client; its connection closes behind the body.
  ///
  /// A body that came in chunks goes on in chunks (``ChunkedCoding``), so that a cut one is seen; one
  /// that ended with the upstream's stream ends with the client's.
  package var responseHead: [UInt8] {
    var bytes = Array("HTTP/1.1 \(status.rawValue) \(status.reasonPhrase)\r\n".utf8)
    for field in headers { field.write(to: &bytes) }
    // "A server that sends a 426 response MUST send an Upgrade header field" (RFC 9110 §15.5.22).
    let upgrade = status == .upgradeRequired ? "Upgrade: websocket\r\n" : ""
    let connection = status == .upgradeRequired ? "Upgrade, close" : "close"
    let coding = framing == .chunked ? "Transfer-Encoding: chunked\r\n" : ""
    bytes += Array("\(upgrade)\(coding)Connection: \(connection)\r\n\r\n".utf8)
    return bytes
  }
}
