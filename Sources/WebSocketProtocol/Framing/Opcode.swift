/// The kind of a frame, RFC 6455 §5.2; the reserved opcodes 3–7 and 11–15 fail in the parser.
public enum Opcode: UInt8, Hashable, Sendable, CaseIterable {
  /// A further fragment of the message under way.
  case continuation = 0
  /// The first or only frame of a text message.
  case text = 1
  /// The first or only frame of a binary message.
  case binary = 2
  /// A close frame, RFC 6455 §5.5.1.
  case close = 8
  /// A ping frame, RFC 6455 §5.5.2.
  case ping = 9
  /// A pong frame, RFC 6455 §5.5.3.
  case pong = 10

  /// Whether the frame is a control frame: at most 125 bytes, never fragmented (RFC 6455 §5.5).
  @inlinable public var isControl: Bool {
    rawValue & 0x8 != 0
  }
}
