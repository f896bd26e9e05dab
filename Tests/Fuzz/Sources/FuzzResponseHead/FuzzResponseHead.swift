import FuzzSupport
import WebSocketProtocol

/// Response heads and the client's side of the handshake: choices, then the bytes of a server.
@c(LLVMFuzzerTestOneInput)
public func fuzz(_ address: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  var input = FuzzInput(address, count)
  let limit = 32 + Int(input.byte()) * 16
  let cuts = input.cuts()
  let bytes = input.rest()

  var parser = ResponseHeadParser(maximumByteCount: limit)
  let whole = parser.parse(bytes.span)
  promiseEqual(inPieces(bytes, cuts, limit), whole, "the cuts change the outcome")
  switch whole {
  case .incomplete:
    promise(bytes.count < limit, "a head may still fit when \(limit) bytes have come")
  case .malformed: break
  case .head(let head, let byteCount):
    promise(byteCount <= limit && byteCount <= bytes.count, "\(byteCount) bytes for a head")
    promise(bytes[..<byteCount].suffix(4) == [13, 10, 13, 10], "the head ends in an empty line")
    check(head)
  }
  return 0
}

func inPieces(_ bytes: [UInt8], _ cuts: Cuts, _ limit: Int) -> ResponseHeadParser.Outcome {
  var parser = ResponseHeadParser(maximumByteCount: limit)
  for end in cuts.ends(of: bytes.count) {
    let piece = Array(bytes[..<end])
    let outcome = parser.parse(piece.span)
    guard outcome == .incomplete else { return outcome }
  }
  return .incomplete
}

func check(_ head: ResponseHead) {
  var text = "HTTP/1.1 \(head.status.rawValue) \r\n"
  for field in head.headers { text += "\(field.name): \(field.value)\r\n" }
  let bytes = Array((text + "\r\n").utf8)
  var parser = ResponseHeadParser(maximumByteCount: bytes.count)
  promiseEqual(
    parser.parse(bytes.span), .head(head, byteCount: bytes.count), "the head written down again")

  // The nonce of RFC 6455 §1.3, whose answer the seeds have.
  let handshake = ClientHandshake(
    host: "localhost", target: "/", key: Array("the sample nonce".utf8),
    subprotocols: ["chat", "superchat"], extensions: [Extension(name: "permessage-deflate")])
  guard let agreement = try? handshake.validate(head) else { return }
  promiseEqual(head.status, .switchingProtocols, "the status of an agreement")
  promise(
    ["chat", "superchat", nil].contains(agreement.subprotocol), "\(agreement) was not offered")
  promise(
    agreement.extensions.allSatisfy { $0.name == "permessage-deflate" },
    "\(agreement) was not offered")
}
