import FuzzSupport
import Vocabulary
import WebSocketProtocol

/// permessage-deflate, RFC 7692: choices, then either deflate data of a peer as it is, or messages
/// that are compressed and inflated again.
@c(LLVMFuzzerTestOneInput)
public func fuzz(_ address: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  var input = FuzzInput(address, count)
  let choice = input.byte()
  if choice & 1 == 0 {
    inflate(&input, choice)
  } else {
    converse(&input, choice)
  }
  return 0
}

// MARK: Data of a peer

/// Frames of deflate data, of whatever quality, to a receiver of each kind.
func inflate(_ input: inout FuzzInput, _ choice: UInt8) {
  let limit = [1 << 20, 0, 1, 100, 4096, 70_000, 1000, 32_768][Int(choice >> 1 & 7)]
  let cuts = input.cuts()
  var bytes: [UInt8] = []
  // Each part is a message, the first byte of a part says of what kind and in how many fragments.
  for var part in input.parts(separator: 0xA5).prefix(8) where !part.isEmpty {
    let first = part.removeFirst()
    append(
      part, as: first & 1 == 0 ? .binary : .text, isCompressed: first & 2 == 0,
      fragmentCount: Int(first >> 2 & 3) + 1, from: .client, to: &bytes)
  }
  for keepsContext in [false, true] {
    let whole = received([bytes], limit, keepsContext)
    let cut = received(cuts.pieces(of: bytes), limit, keepsContext)
    promiseEqual(comparable(cut), comparable(whole), "the cuts change the messages")
    checkLimit(whole, bytes, keepsContext)
  }
}

func received(_ pieces: [[UInt8]], _ limit: Int, _ keepsContext: Bool) -> Received {
  let parameters = DeflateParameters(
    serverNoContextTakeover: true, clientNoContextTakeover: !keepsContext)
  var frames = FrameReceiver(
    role: .server, maximumMessageByteCount: limit,
    compression: MessageCompression(parameters, role: .server, streams: DeflateStreams()))
  let received = Received(pieces, by: &frames) { frames, givenByteCount in
    // What is inflated may be at the limit however little has come, but not beyond; what is kept
    // as it came is bounded by that.
    promise(
      frames.bufferCapacity <= 2 * (limit + givenByteCount) + 16_384,
      "\(frames.bufferCapacity) bytes held")
  }
  for case .message(_, let bytes) in received.items {
    promise(bytes.count <= limit, "a message of \(bytes.count) bytes, the limit being \(limit)")
  }
  return received
}

/// The messages, and that there was a violation: which of several comes first depends on how much
/// is inflated at a time.
func comparable(_ received: Received) -> [Received.Item] {
  received.items.filter {
    if case .violation = $0 { false } else { true }
  }
}

/// The largest message passes if it is as large as it may be, and not if it is a byte larger.
func checkLimit(_ whole: Received, _ bytes: [UInt8], _ keepsContext: Bool) {
  let counts = whole.items.compactMap {
    if case .message(_, let bytes) = $0 { bytes.count } else { nil }
  }
  guard let largest = counts.max(), largest > 0, whole.items.count == counts.count else { return }
  let below = received([bytes], largest - 1, keepsContext)
  let isRefused = below.items.contains {
    if case .violation(.messageTooBig) = $0 { true } else { false }
  }
  promise(isRefused, "a message of \(largest) bytes passes a limit of one less")
}

// MARK: Messages there and back

/// Messages from one side's compression to the other's, by what the two have negotiated.
func converse(_ input: inout FuzzInput, _ choice: UInt8) {
  let sender: Role = choice & 2 == 0 ? .client : .server
  let receiver: Role = sender == .client ? .server : .client
  let bits = input.byte()
  let parameters = DeflateParameters(
    serverNoContextTakeover: choice & 4 != 0, clientNoContextTakeover: choice & 8 != 0,
    serverMaxWindowBits: 8 + Int(bits & 7), clientMaxWindowBits: 8 + Int(bits >> 4 & 7))
  let cuts = input.cuts()
  let compression = MessageCompression(parameters, role: sender, streams: DeflateStreams())
  let other = MessageCompression(parameters, role: receiver, streams: DeflateStreams())

  var expected: [Received.Item] = []
  var bytes: [UInt8] = []
  for var part in input.parts(separator: 0xA5).prefix(8) where !part.isEmpty {
    let first = part.removeFirst()
    // Repeated, a short script makes messages beyond the windows.
    let message = Array(repeatElement(part, count: 1 + Int(first >> 4) * 20).joined())
    let (payload, isCompressed) = compressed(message, by: compression, alone: first & 2 != 0)
    promise(!isCompressed || payload.count < message.count, "compressing lengthens")
    append(
      payload, as: .binary, isCompressed: isCompressed, fragmentCount: Int(first >> 2 & 3) + 1,
      from: sender, to: &bytes)
    expected.append(.message(.binary, message))
  }
  for pieces in [[bytes], cuts.pieces(of: bytes)] {
    var frames = FrameReceiver(
      role: receiver, maximumMessageByteCount: 4 << 20, compression: other)
    let received = Received(pieces, by: &frames) { _, _ in }
    promiseEqual(received.items, expected, "what was sent, with \(parameters)")
  }
}

/// A message as it is sent, as the session's own or as one that others get too.
func compressed(
  _ message: [UInt8], by compression: MessageCompression, alone: Bool
) -> (payload: [UInt8], isCompressed: Bool) {
  guard alone else {
    return compression.deflate(message.span) { (array($0), $1) }
  }
  guard let bits = compression.independentWindowBits(forMessageOf: message.count),
    let payload = compression.deflateIndependently(message.span, windowBits: bits, array)
  else { return (message, false) }
  compression.sentIndependently()
  return (payload, true)
}

func array(_ span: Span<UInt8>) -> [UInt8] {
  span.indices.map { span[$0] }
}

// MARK: Frames

func append(
  _ payload: [UInt8], as opcode: Opcode, isCompressed: Bool, fragmentCount: Int, from sender: Role,
  to bytes: inout [UInt8]
) {
  let key: UInt32? = sender == .client ? 0x1234_5678 : nil
  let length = payload.count / fragmentCount
  for index in 0..<fragmentCount {
    let isLast = index == fragmentCount - 1
    let end = isLast ? payload.count : (index + 1) * length
    let fragment = Array(payload[(index * length)..<end])
    FrameEncoder.append(
      index == 0 ? opcode : .continuation, isFinal: isLast, rsv1: index == 0 && isCompressed,
      payload: fragment.span, maskingKey: key, to: &bytes)
  }
}
