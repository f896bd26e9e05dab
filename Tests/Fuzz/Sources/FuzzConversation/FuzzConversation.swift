import FuzzSupport
import Vocabulary
import WebSocketProtocol

/// One side of a WebSocket in both roles: a script of bytes from the peer, right and wrong, messages,
/// closes, times, ends of the stream, and output that is taken bit by bit.
///
/// Two conversations get the same, one event by event and one in whole messages, and must agree. The
/// peer reads their output: frames that are right, one close frame, nothing behind it.
@c(LLVMFuzzerTestOneInput)
public func fuzz(_ address: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  var input = FuzzInput(address, count)
  let choice = input.byte()
  let role: Role = choice & 1 == 0 ? .server : .client
  let limits = Conversation.Limits(
    messageByteCount: [1000, 0, 125, 70_000][Int(choice >> 1 & 3)],
    outputByteCount: [0, 200, 5000, .max][Int(choice >> 3 & 3)], closeTimeout: .seconds(5))
  var inPlace = Side(role, limits, isInPlace: true)
  var whole = Side(role, limits, isInPlace: false)
  while !input.isEmpty {
    let step = Step(&input, to: role)
    inPlace.perform(step)
    whole.perform(step)
    promiseEqual(
      inPlace.conversation.phase, whole.conversation.phase, "the phases after \(step)")
    promiseEqual(
      inPlace.conversation.outputByteCount, whole.conversation.outputByteCount,
      "the output after \(step)")
  }
  inPlace.finish()
  whole.finish()
  promiseEqual(inPlace.reported, whole.reported, "the reports")
  promiseEqual(inPlace.output, whole.output, "the output")
  return 0
}

/// A step of the script: a byte says what, another how much.
enum Step {
  case receive([UInt8])
  case send([UInt8], MessageKind)
  case sendFrame([UInt8])
  case flush(Int)
  case take
  case close(CloseCode?)
  case wait(Duration)
  case endStream

  init(_ input: inout FuzzInput, to role: Role) {
    let choice = input.byte()
    let amount = Int(input.byte())
    switch choice & 15 {
    case 0, 1: self = .receive(input.bytes(amount))
    case 2...7:
      let opcodes: [Opcode] = [.text, .binary, .continuation, .ping, .pong, .close]
      let opcode = opcodes[Int(choice & 15) - 2]
      var bytes: [UInt8] = []
      let payload = input.bytes(opcode.isControl ? amount % 126 : amount)
      for _ in 0...(opcode == .ping && choice & 0x40 != 0 ? 60 : 0) {
        FrameEncoder.append(
          opcode, isFinal: choice & 0x80 == 0 || opcode.isControl, payload: payload.span,
          maskingKey: role == .server ? 0x0102_0304 : nil, to: &bytes)
      }
      self = .receive(bytes)
    case 8: self = .send(input.bytes(amount), .binary)
    case 9: self = .sendFrame(input.bytes(amount))
    case 10: self = .flush(amount * 8)
    case 11: self = .take
    case 12: self = .close([nil, .normalClosure, CloseCode(rawValue: 4999)][amount % 3])
    case 13, 14: self = .wait(.milliseconds(amount * 10))
    default: self = amount & 7 == 7 ? .endStream : .flush(1)
    }
  }
}
