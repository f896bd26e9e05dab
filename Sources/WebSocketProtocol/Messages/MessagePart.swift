/// The place of some payload in its message, which may lie in several frames (RFC 6455 §5.4).
///
/// Public because only public functions are inlined into other modules, and these are called for
/// every message.
public struct MessagePart: Hashable, Sendable {
  /// The kind of the message.
  public var kind: MessageKind
  /// Whether the message begins with it.
  public var isFirst: Bool
  /// Whether the message ends with it.
  public var isFinal: Bool

  /// A part of a message.
  @inlinable @inline(__always)
  public init(of kind: MessageKind, isFirst: Bool, isFinal: Bool) {
    self.kind = kind
    self.isFirst = isFirst
    self.isFinal = isFinal
  }

  /// All of a message.
  @inlinable @inline(__always)
  public init(whole kind: MessageKind) {
    self.init(of: kind, isFirst: true, isFinal: true)
  }

  /// The opcode of the frame that it begins.
  @inlinable public var opcode: Opcode {
    @inline(__always) get { isFirst ? kind.opcode : .continuation }
  }
}
