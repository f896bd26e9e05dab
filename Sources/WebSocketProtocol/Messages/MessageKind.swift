/// The type of a message's data, RFC 6455 §5.6.
public enum MessageKind: Hashable, Sendable {
  /// UTF-8 text, valid as a whole.
  case text
  /// Bytes whose meaning the application defines.
  case binary

  /// The opcode of the message's first frame.
  @inlinable public var opcode: Opcode {
    switch self {
    case .text: .text
    case .binary: .binary
    }
  }
}
