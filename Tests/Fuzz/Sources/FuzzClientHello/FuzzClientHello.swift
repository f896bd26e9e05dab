import EventLoop
import FuzzSupport

/// The beginning of a TLS connection: how it is cut, then either its bytes as they are, or a
/// message that is cut into records.
@c(LLVMFuzzerTestOneInput)
public func fuzz(_ address: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  var input = FuzzInput(address, count)
  let choice = input.byte()
  let cuts = input.cuts()
  if choice & 1 == 0 {
    checkBytes(input.rest(), cuts)
  } else {
    checkMessage(&input, choice, cuts)
  }
  return 0
}

/// What was said of a beginning is said of all that begins so.
func checkBytes(_ bytes: [UInt8], _ cuts: Cuts) {
  var outcome = ClientHello.Outcome.incomplete
  for end in cuts.ends(of: bytes.count) {
    let here = ClientHello.look(at: bytes.span.extracting(0..<end))
    if outcome != .incomplete {
      promiseEqual(here, outcome, "\(end) bytes of \(bytes.count) say otherwise than fewer did")
    }
    outcome = here
  }
  for tail: [UInt8] in [[0], [22, 3, 1, 0, 1, 1], [255, 255, 255, 255, 255, 255]]
  where outcome != .incomplete {
    promiseEqual(
      ClientHello.look(at: (bytes + tail).span), outcome, "what stands behind it counts")
  }
  guard outcome == .whole else { return }
  promiseEqual(bytes.first, 22, "no handshake is whole")
  // Records without their headers are the message's bytes in a row.
  let payload = payload(of: bytes)
  promiseEqual(payload.first, 1, "another message is a ClientHello")
  let length = payload.dropFirst().prefix(3).reduce(0) { $0 << 8 | Int($1) }
  promise(payload.count >= 4 + length, "\(payload.count) bytes are \(length) and a header")
  promise(4 + length <= ClientHello.maximumByteCount, "a message of \(length) bytes")
}

/// What is in the records, of the last one as much as has come.
func payload(of bytes: [UInt8]) -> [UInt8] {
  var payload: [UInt8] = []
  var rest = bytes[...]
  while rest.count >= 5 {
    let length = rest.dropFirst(3).prefix(2).reduce(0) { $0 << 8 | Int($1) }
    // Behind the message anything may stand.
    guard length > 0 else { break }
    payload += rest.dropFirst(5).prefix(length)
    rest = rest.dropFirst(5 + length)
  }
  return payload
}

/// A message in records of any lengths is whole with its last byte, and not before.
func checkMessage(_ input: inout FuzzInput, _ choice: UInt8, _ cuts: Cuts) {
  let body = input.rest()
  // Repeated, a short body comes to the longest message and beyond.
  let repeats = [1, 1, 2, 5, 17, 100, 400, 2000][Int(choice >> 1 & 7)]
  let message = Array(repeatElement(body, count: repeats).joined())
  let header: [UInt8] = [1, 0, UInt8(message.count >> 8 & 255), UInt8(message.count & 255)]
  guard message.count <= 65_535 else { return }
  let isTooLong = message.count + header.count > ClientHello.maximumByteCount
  var bytes: [UInt8] = []
  for piece in cuts.pieces(of: header + message) {
    for part in stride(from: 0, to: piece.count, by: ClientHello.maximumByteCount) {
      let record = piece[part..<min(part + ClientHello.maximumByteCount, piece.count)]
      bytes += [22, 3, choice >> 4, UInt8(record.count >> 8), UInt8(record.count & 255)] + record
    }
  }
  promiseEqual(
    ClientHello.look(at: bytes.span), isTooLong ? .malformed : .whole,
    "a message of \(message.count) bytes")
  guard !isTooLong else { return }
  // Of many beginnings some are enough.
  let ends = cuts.ends(of: bytes.count).dropLast()
  for end in ends.prefix(20) + ends.suffix(5) + [bytes.count - 1] {
    promiseEqual(
      ClientHello.look(at: bytes.span.extracting(0..<end)), .incomplete,
      "\(end) bytes of \(bytes.count)")
  }
  promiseEqual(ClientHello.look(at: (bytes + [0, 1, 2]).span), .whole, "with bytes behind it")
}
