import FuzzSupport
import WebSocketProtocol

/// Frames to messages, in both roles.
///
/// After the choices of role, limit and cuts come either the bytes of a peer as they are, or a
/// script from which frames are made that are mostly right, so that what lies behind the header's
/// checks is reached too. A plain reading of RFC 6455 in ``ReferenceReader`` is the oracle.
@c(LLVMFuzzerTestOneInput)
public func fuzz(_ address: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  var input = FuzzInput(address, count)
  let choice = input.byte()
  let role: Role = choice & 1 == 0 ? .server : .client
  let limit = [1 << 20, 0, 1, 16, 125, 126, 1000, 70_000][Int(choice >> 1 & 7)]
  let cuts = input.cuts()
  let bytes = choice & 0x10 == 0 ? input.rest() : frames(for: role, from: &input)

  let expected = ReferenceReader(role: role, limit: limit).read(bytes)
  promiseEqual(received(role, limit, by: [bytes]), expected, "read at once")
  promiseEqual(received(role, limit, by: cuts.pieces(of: bytes)), expected, "read in pieces")
  return 0
}

func received(_ role: Role, _ limit: Int, by pieces: [[UInt8]]) -> Received {
  var frames = FrameReceiver(role: role, maximumMessageByteCount: limit)
  return Received(pieces, by: &frames) { frames, givenByteCount in
    promise(frames.bufferCapacity <= 2 * givenByteCount, "memory beyond what has come")
    promise(frames.bufferedByteCount <= limit, "more held than a message may have")
  }
}

/// Frames that a script describes: a byte of opcode and flags, a byte or two of length, a payload.
func frames(for role: Role, from input: inout FuzzInput) -> [UInt8] {
  var bytes: [UInt8] = []
  var isLong = false
  while !input.isEmpty {
    let first = input.byte()
    let length = input.byte()
    let opcodes: [Opcode] = [
      .text, .binary, .continuation, .continuation, .ping, .pong, .close, .continuation,
    ]
    let opcode = opcodes[Int(first & 7)]
    let isFinal = first & 8 != 0 || opcode.isControl
    var payload = input.bytes(opcode.isControl ? Int(length) % 126 : Int(length) % 200)
    // One long payload of a short script.
    if first & 0x70 == 0x70 && !opcode.isControl && !isLong {
      payload += Array(repeating: UInt8(ascii: "w"), count: Int(length) * 300)
      isLong = true
    }
    let key: UInt32? = role == .client ? nil : UInt32(first) &* 0x0103_0507
    FrameEncoder.append(
      opcode, isFinal: isFinal, payload: payload.span, maskingKey: key, to: &bytes)
  }
  return bytes
}
