internal import EventLoop

/// The length and digest of an operator's message, for clients that may not see it: enough to
/// recognise it.
struct SentDigest {
  /// The first eight hexadecimal digits of the SHA-256.
  let digits: String
  private let byteCount: Int

  /// The digest of a payload.
  init(_ payload: some Collection<UInt8>) {
    digits = String(SHA256Digest(of: Array(payload).span).description.prefix(8))
    byteCount = payload.count
  }

  /// The mark that stands for the message in a command.
  var mark: String { "‹\(byteCount) B, sha256 \(digits)›" }
}
