/// The tokens of remote clients, as in `Authorization: Bearer` (RFC 6750 §2.1).
public enum BearerToken {
  /// The allowed lengths of a token: a shorter one could be guessed.
  public static let byteCounts = 20...256

  /// The rule for tokens, behind a subject such as `the token`.
  public static let rule =
    "has \(byteCounts.lowerBound) to \(byteCounts.upperBound) letters, digits and - . _ ~ + / ="

  /// Whether a byte may be in a token.
  public static func isAllowed(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: "-._~+/=".utf8.contains(byte)
    }
  }

  /// Whether bytes are a valid token.
  public static func isToken(_ bytes: some Collection<UInt8>) -> Bool {
    byteCounts.contains(bytes.count) && bytes.allSatisfy(isAllowed)
  }
}
