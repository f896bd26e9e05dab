import Testing
import WebSocketProtocol

/// The two ways to inflate: each message for itself, or as bytes come with what went before.
enum Inflating: CaseIterable {
  case shared
  case dedicated

  func make() -> MessageCompression {
    compression(self == .shared ? withoutContext : DeflateParameters())
  }
}

/// A sender of messages in both forms of a session.
func compression(
  _ parameters: DeflateParameters, of role: Role = .client,
  streams: DeflateStreams = DeflateStreams()
) -> MessageCompression {
  MessageCompression(parameters, role: role, streams: streams)
}

/// Parameters of a session whose messages refer to nothing before them.
let withoutContext = DeflateParameters(
  serverNoContextTakeover: true, clientNoContextTakeover: true)

extension MessageCompression {
  /// What is sent for a message, and whether it is marked with RSV1.
  func deflate(_ message: [UInt8]) -> (payload: [UInt8], isCompressed: Bool) {
    deflate(message.span) { (array(of: $0), $1) }
  }
}

/// A message compressed for itself, whatever it comes to.
func deflated(_ message: [UInt8], sourceLocation: SourceLocation = #_sourceLocation) -> [UInt8] {
  let (payload, isCompressed) = compression(withoutContext).deflate(message)
  #expect(isCompressed, "the sample does not compress", sourceLocation: sourceLocation)
  return payload
}

/// Blocks without compression around bytes: deflate data that is longer than the message.
func stored(_ message: [UInt8], blockByteCount: Int = 1000) -> [UInt8] {
  var bytes: [UInt8] = []
  for start in stride(from: 0, to: message.count, by: blockByteCount) {
    let block = message[start..<min(start + blockByteCount, message.count)]
    let (low, high) = (UInt8(block.count & 0xFF), UInt8(block.count >> 8))
    bytes += [0, low, high, ~low, ~high] + block
  }
  return bytes + [0]
}

/// Deflate data that inflates to very much: zeros, each byte of which stands for a kilobyte.
func bomb(byteCount: Int) -> [UInt8] {
  deflated([UInt8](repeating: 0, count: byteCount))
}
