import FuzzSupport
import WebSocketProtocol

/// Choices, then what an upstream sends: an answer and the body behind it, or a body alone.
///
/// The text ACCEPT in it stands for the right Sec-WebSocket-Accept.
@c(LLVMFuzzerTestOneInput)
public func fuzz(_ address: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  var input = FuzzInput(address, count)
  let choice = input.byte()
  let cuts = input.cuts()
  switch choice % 4 {
  case 0: checkBody(input.rest(), .chunked, cuts)
  case 1: checkBody(input.rest(), .byteCount(Int(choice) * 8), cuts)
  default: checkAnswer(input.rest(), offersDeflate: choice % 4 == 2, cuts)
  }
  return 0
}

func checkAnswer(_ text: [UInt8], offersDeflate: Bool, _ cuts: Cuts) {
  let request = makeRequest(offersDeflate: offersDeflate)
  let bytes = text.replacing(Array("ACCEPT".utf8), with: accept(request))
  var answer = UpstreamAnswer(to: request)
  let whole = answer.receive(bytes.span)
  promiseEqual(inPieces(bytes, request, cuts), whole, "the cuts change the outcome")
  switch whole {
  case .incomplete:
    promise(bytes.count < 2 * UpstreamAnswer.maximumHeadByteCount, "\(bytes.count) bytes are few")
  case .invalid(let fault): promise(!fault.description.isEmpty, "a fault without a text")
  case .open(let agreement, let headers, let byteCount):
    promise(bytes[..<byteCount].suffix(4) == [13, 10, 13, 10], "the head ends in an empty line")
    promise(["chat", "superchat", nil].contains(agreement.subprotocol), "\(agreement)")
    promise(agreement.extensions.isEmpty || offersDeflate, "\(agreement) was not offered")
    checkOpening(agreement, headers)
  case .refusal(let refusal, let byteCount):
    promise(refusal.status.rawValue >= 300, "\(refusal.status) is no refusal")
    checkHead(refusal)
    checkBody(Array(bytes[byteCount...]), refusal.framing, cuts)
  }
}

/// The client's 101 takes the fields.
func checkOpening(_ agreement: ClientHandshake.Agreement, _ headers: Headers) {
  guard let client = upgrade(offer: "chat, superchat") else { fatalError("no request") }
  do {
    _ = try HandshakeResponse(to: client, subprotocol: agreement.subprotocol, headers: headers)
  } catch {
    fatalError("the client's 101 does not take \(headers): \(error)")
  }
}

/// The head that the client gets means the same to it.
func checkHead(_ refusal: UpstreamRefusal) {
  // The gateway adds up to three fields, and a head of more than 128 is read by few.
  guard refusal.headers.count <= 125 else { return }
  let bytes = refusal.responseHead
  var parser = ResponseHeadParser(maximumByteCount: bytes.count)
  guard case .head(let head, bytes.count) = parser.parse(bytes.span),
    let framing = try? BodyReader.Framing(of: head)
  else { fatalError("\(refusal) becomes no head") }
  promiseEqual(head.status, refusal.status, "the status")
  promiseEqual(framing, refusal.framing, "the framing")
  promise(head.headers.list(of: "Connection", contains: "close"), "the connection goes on")
}

func inPieces(_ bytes: [UInt8], _ request: UpstreamRequest, _ cuts: Cuts) -> UpstreamAnswer.Outcome
{
  var answer = UpstreamAnswer(to: request)
  for end in cuts.ends(of: bytes.count) {
    let outcome = answer.receive(bytes.span.extracting(..<end))
    guard outcome == .incomplete else { return outcome }
  }
  return .incomplete
}

func makeRequest(offersDeflate: Bool) -> UpstreamRequest {
  guard let client = upgrade(offer: "chat, superchat"), let url = try? UpstreamURL("ws://a") else {
    fatalError("no request")
  }
  return UpstreamRequest(
    for: client, to: url, pattern: "/*", client: ForwardedClient(address: nil, isSecure: false),
    extensions: offersDeflate ? [Extension(name: "permessage-deflate")] : [])
}

func upgrade(offer: String) -> UpgradeRequest? {
  let text =
    "GET / HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
    + "Sec-WebSocket-Protocol: \(offer)\r\n\r\n"
  return parsed(Array(text.utf8)).flatMap { try? UpgradeRequest($0) }
}

func parsed(_ bytes: [UInt8]) -> RequestHead? {
  var parser = RequestHeadParser(maximumByteCount: 16 << 10)
  guard case .head(let head, _) = parser.parse(bytes.span) else { return nil }
  return head
}

/// The right answer to the key of a request, as the server's side makes it.
func accept(_ request: UpstreamRequest) -> [UInt8] {
  guard let head = parsed(request.bytes), let client = try? UpgradeRequest(head),
    let response = try? HandshakeResponse(to: client)
  else { fatalError("the upstream's request is none") }
  var parser = ResponseHeadParser(maximumByteCount: 16 << 10)
  guard case .head(let head, _) = parser.parse(response.bytes.span),
    let accept = head.headers["Sec-WebSocket-Accept"]
  else { fatalError("no accept") }
  return Array(accept.utf8)
}
