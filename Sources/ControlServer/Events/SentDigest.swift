internal import EventLoop

/// What is told of a message that an operator sent, to those who may not see it: enough to know it
/// again for whoever has it.
struct SentDigest {
  /// The first eight hexadecimal digits of the SHA-256.
  let digits: String
  private let byteCount: Int

  /// The digest of what was sent.
  init(_ payload: some Collection<UInt8>) {
    digits = String(SHA256Digest(of: Array(payload).span).description.prefix(8))
    byteCount = payload.count
  }

  /// What stands instead of the message in a command.
  var mark: String { "‹\(byteCount) B, sha256 \(digits)›" }
}
