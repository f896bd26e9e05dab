package import Vocabulary

/// A message or control frame as a tap keeps it.
package struct TappedMessage: Equatable, Sendable {
  /// The session.
  package var session: SessionID
  /// The direction.
  package var direction: TapDirection
  /// The kind.
  package var kind: TapKind
  /// The size of its payload in bytes, uncompressed; of a close frame, that of the reason.
  package var byteCount: Int
  /// The compressed size of its payload; nil if it was not compressed.
  package var compressedByteCount: Int?
  /// The time at which it was seen, in seconds since 1970.
  package var at: Double
  /// The first bytes of the payload, at most `Tap.maximumPayloadByteCount`; of a close frame, those
  /// of the reason.
  package var payload: [UInt8]
  /// The close code; 1005 if a close frame has none, nil for everything else.
  package var closeCode: CloseCode?
  /// The number of others that were skipped since the one before.
  package var skippedCount = 0
}
