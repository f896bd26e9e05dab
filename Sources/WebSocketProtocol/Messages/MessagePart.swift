/// The place of some payload in its message, which may lie in several frames (RFC 6455 §5.4).
package struct MessagePart: Hashable, Sendable {
  /// The kind of the message.
  package var kind: MessageKind
  /// Whether the message begins with it.
  package var isFirst: Bool
  /// Whether the message ends with it.
  package var isFinal: Bool

  /// A part; without more, a whole message.
  @inlinable
  package init(of kind: MessageKind, isFirst: Bool = true, isFinal: Bool = true) {
    self.kind = kind
    self.isFirst = isFirst
    self.isFinal = isFinal
  }

  /// The opcode of the frame that it begins.
  @inlinable
  package var opcode: Opcode { isFirst ? kind.opcode : .continuation }
}
