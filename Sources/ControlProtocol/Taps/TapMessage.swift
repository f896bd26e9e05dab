public import Vocabulary

/// A message or control frame in a tap.
public struct TapMessage: Codable, Equatable, Sendable {
  /// The session.
  public var session: SessionID
  /// The direction.
  public var direction: TapDirection
  /// The kind.
  public var kind: TapKind
  /// The size of its payload in bytes, uncompressed; of a close frame, that of its reason.
  public var bytes: Int
  /// The compressed size of its payload, in bytes; nil if it was not compressed.
  public var compressedBytes: Int?
  /// The time, in seconds since 1970.
  public var at: Double
  /// The first 4 KiB of a text message, or the reason of a close frame; not escaped for display.
  public var text: String?
  /// The first 4 KiB of any other payload, in base 64.
  public var binary: String?
  /// The close code of a close frame; 1005 if it had none.
  public var code: CloseCode?
  /// How many messages were skipped since the one before.
  @Tolerant public var skipped = 0

  /// A message.
  public init(
    session: SessionID, direction: TapDirection, kind: TapKind, bytes: Int,
    compressedBytes: Int? = nil, at: Double, text: String? = nil, binary: String? = nil,
    code: CloseCode? = nil, skipped: Int = 0
  ) {
    self.session = session
    self.direction = direction
    self.kind = kind
    self.bytes = bytes
    self.compressedBytes = compressedBytes
    self.at = at
    self.text = text
    self.binary = binary
    self.code = code
    self.skipped = skipped
  }

  /// The bytes of the payload in this message.
  public var payload: [UInt8] {
    if let text { return Array(text.utf8) }
    return binary.flatMap { ControlJSON.bytes(fromBase64: $0) } ?? []
  }
}

/// A push of a tap: the messages since the last push.
public struct TapBatch: Codable, Equatable, Sendable {
  /// The messages, in their order.
  @Tolerant public var messages: [TapMessage]
  /// How many messages were skipped after the last one.
  @Tolerant public var skipped: Int
  /// How many sessions are tapped.
  @Tolerant public var sessions: Int

  /// A push.
  public init(messages: [TapMessage] = [], skipped: Int = 0, sessions: Int = 0) {
    self.messages = messages
    self.skipped = skipped
    self.sessions = sessions
  }
}
