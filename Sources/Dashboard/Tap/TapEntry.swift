package import ControlProtocol

/// One line of a tap's list.
package enum TapEntry: Equatable, Sendable {
  /// A message or control frame.
  case message(Message)
  /// So many messages were skipped here.
  case skipped(Int)

  /// A message with its bytes.
  package struct Message: Equatable, Sendable {
    /// Its description, without the payload.
    package var summary: TapMessage
    /// The kept bytes of its payload.
    package var payload: [UInt8]

    init(_ message: TapMessage) {
      summary = message
      payload = message.payload
      summary.text = nil
      summary.binary = nil
    }

    /// Whether the payload is truncated.
    package var isCut: Bool { summary.bytes > payload.count }

    /// Whether the kept bytes contain others, ASCII letters case-insensitively.
    func contains(_ text: [UInt8]) -> Bool {
      guard !text.isEmpty, payload.count >= text.count else { return text.isEmpty }
      for start in 0...(payload.count - text.count) {
        var index = 0
        while index < text.count, Self.lowered(payload[start + index]) == text[index] {
          index += 1
        }
        if index == text.count { return true }
      }
      return false
    }

    /// A text as `contains` takes it.
    static func needle(_ text: String) -> [UInt8] { text.utf8.map(lowered) }

    private static func lowered(_ byte: UInt8) -> UInt8 {
      (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }
  }

  /// The memory that counts for it, in bytes.
  var byteCount: Int {
    switch self {
    case .message(let message): message.payload.count + 256
    case .skipped: 256
    }
  }
}
