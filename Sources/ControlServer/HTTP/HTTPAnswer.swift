internal import ControlProtocol
internal import WebSocketProtocol

/// The answer to a request of the control API.
struct HTTPAnswer {
  /// The status code.
  var status: Int
  /// The media type of the body.
  var contentType = "application/json"
  /// The body.
  var body: [UInt8]
  /// Fields besides those that every answer has.
  var headers: [(name: String, value: String)] = []
  /// Whether the connection ends with it.
  var closes = false

  /// The answer for a reply of the API.
  init(_ reply: ControlReply) {
    status = reply.status
    body = reply.body
    switch HTTPStatus(rawValue: status) {
    case .upgradeRequired:
      headers = [("Upgrade", "websocket"), ("Sec-WebSocket-Version", "13")]
    case .serviceUnavailable: headers = [("Retry-After", "1")]
    case .unauthorized: headers = [("WWW-Authenticate", "Bearer realm=\"wstop\"")]
    case .tooManyRequests: headers = [("Retry-After", "60")]
    default: break
    }
  }

  /// The answer for a refusal.
  init(_ refusal: ControlRefusal, closes: Bool = false) {
    self.init(refusal.reply)
    self.closes = closes
    if !refusal.allowedMethods.isEmpty {
      headers.append(("Allow", refusal.allowedMethods.map(\.rawValue).joined(separator: ", ")))
    }
  }

  /// An answer with a body.
  init(status: Int = 200, contentType: String = "application/json", body: [UInt8]) {
    self.status = status
    self.contentType = contentType
    self.body = body
  }

  /// The head, up to where the body begins.
  ///
  /// - Parameters:
  ///   - run: the engine's run, which every answer names to those who may know it.
  ///   - isStream: whether the body goes on until the connection ends.
  func head(run: String?, isStream: Bool = false) -> [UInt8] {
    let phrase = HTTPStatus(rawValue: status)?.reasonPhrase ?? ""
    var text = "HTTP/1.1 \(status) \(phrase)\r\nContent-Type: \(contentType)\r\n"
    if !isStream { text += "Content-Length: \(body.count)\r\n" }
    if let run { text += "Wstop-Engine: \(run)\r\n" }
    for header in headers { text += "\(header.name): \(header.value)\r\n" }
    if closes || isStream {
      text += "Connection: \(headers.contains { $0.name == "Upgrade" } ? "Upgrade, " : "")close\r\n"
    } else if headers.contains(where: { $0.name == "Upgrade" }) {
      text += "Connection: Upgrade\r\n"
    }
    return Array((text + "\r\n").utf8)
  }
}
