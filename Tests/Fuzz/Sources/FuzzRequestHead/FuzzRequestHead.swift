import FuzzSupport
import WebSocketProtocol

/// Request heads and opening handshakes: choices of limit and cuts, then the bytes of a client.
@c(LLVMFuzzerTestOneInput)
public func fuzz(_ address: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  var input = FuzzInput(address, count)
  let limit = 32 + Int(input.byte()) * 16
  let cuts = input.cuts()
  let bytes = input.rest()

  var parser = RequestHeadParser(maximumByteCount: limit)
  let whole = parser.parse(bytes.span)
  promiseEqual(inPieces(bytes, cuts, limit), whole, "the cuts change the outcome")
  switch whole {
  case .incomplete:
    promise(bytes.count < limit, "a head may still fit when \(limit) bytes have come")
  case .refused(let refusal): checkResponse(to: refusal)
  case .head(let head, let byteCount):
    promise(byteCount <= limit && byteCount <= bytes.count, "\(byteCount) bytes for a head")
    promise(bytes[..<byteCount].suffix(4) == [13, 10, 13, 10], "the head ends in an empty line")
    check(head)
  }
  return 0
}

func inPieces(_ bytes: [UInt8], _ cuts: Cuts, _ limit: Int) -> RequestHeadParser.Outcome {
  var parser = RequestHeadParser(maximumByteCount: limit)
  for end in cuts.ends(of: bytes.count) {
    let piece = Array(bytes[..<end])
    let outcome = parser.parse(piece.span)
    guard outcome == .incomplete else { return outcome }
  }
  return .incomplete
}

func check(_ head: RequestHead) {
  promise(head.path.utf8.first == UInt8(ascii: "/"), "the path is \(head.path)")
  promise(
    head.target.utf8.allSatisfy { (0x21...0x7E).contains($0) }, "the target is \(head.target)")
  for field in head.headers {
    promise(
      !field.value.utf8.contains { $0 == 13 || $0 == 10 || $0 == 0 }, "a value is \(field.value)")
    promiseEqual(
      HeaderField(name: field.name, value: field.value), field, "a field can be made again")
  }
  // Written down again, it is the same head.
  var text = "\(head.method) \(head.target) HTTP/1.1\r\n"
  for field in head.headers { text += "\(field.name): \(field.value)\r\n" }
  let bytes = Array((text + "\r\n").utf8)
  var parser = RequestHeadParser(maximumByteCount: bytes.count)
  promiseEqual(
    parser.parse(bytes.span), .head(head, byteCount: bytes.count), "the head written down again")

  _ = try? head.bodyFraming()
  if let decoded = try? PercentEncoding.decode(head.path) {
    promise(decoded.utf8.count <= head.path.utf8.count, "decoding lengthens")
  }
  do throws(HandshakeRefusal) {
    check(try UpgradeRequest(head))
  } catch {
    checkResponse(to: error)
  }
}

func check(_ request: UpgradeRequest) {
  promiseEqual(Base64.decodedByteCount(request.key), 16, "the key has 16 bytes")
  _ = OriginPolicy(allowing: [request.origin ?? "*"])?
    .allows(origin: request.origin, host: request.head.host, isSecure: false)
  let subprotocol = request.subprotocols.last
  do throws(HandshakeResponse.Failure) {
    let response = try HandshakeResponse(to: request, subprotocol: subprotocol)
    let head = parsed(response.bytes)
    promiseEqual(head.status, .switchingProtocols, "the status of an accepted handshake")
    promiseEqual(head.headers.count, subprotocol == nil ? 3 : 4, "the fields of the response")
    promiseEqual(head.headers["Sec-WebSocket-Protocol"], subprotocol, "the subprotocol chosen")
  } catch {
    fatalError("what the client offers can be chosen: \(error)")
  }
}

func checkResponse(to refusal: HandshakeRefusal) {
  promiseEqual(parsed(refusal.response()).status, refusal.status, "the status of a refusal")
}

/// The head of a response of ours, which our own client must understand.
func parsed(_ response: [UInt8]) -> ResponseHead {
  var parser = ResponseHeadParser(maximumByteCount: 64 << 10)
  guard case .head(let head, _) = parser.parse(response.span) else {
    fatalError("our own client does not understand \(String(decoding: response, as: UTF8.self))")
  }
  return head
}
