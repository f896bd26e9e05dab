/// Names of hosts, as the domain name system and files of hosts have them (RFC 1123 §2.1).
///
/// A resolver takes more than names: numbers that it reads as addresses (`0`, `127.1`, `0x7f.1`),
/// patterns, bytes of any kind. A text that is no name is never given to a resolver.
public enum HostName {
  /// The most bytes of a name, and of one of its labels (RFC 1035 §2.3.4).
  public static let maximumByteCount = 253
  private static let maximumLabelByteCount = 63
  /// The most bytes of an interface's name (IFNAMSIZ less its terminator, netdevice(7)).
  private static let maximumZoneByteCount = 15

  /// Whether a text is a name: labels with dots between, of which the last one is no number.
  ///
  /// Labels have letters, digits, hyphens and underscores; behind the last one a dot may stand.
  /// Names with other letters have their form of ASCII (`xn--…`, RFC 5890 §2.3.2.1).
  public static func isValid(_ text: some StringProtocol) -> Bool {
    var labels = text.utf8.split(
      separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    if labels.count > 1, labels.last?.isEmpty == true { labels.removeLast() }
    let byteCount = labels.reduce(labels.count - 1) { $0 + $1.count }
    guard byteCount <= maximumByteCount, labels.allSatisfy({ isLabel($0) }),
      let last = labels.last
    else { return false }
    return !isNumber(last)
  }

  /// Whether a text is an address or a name, and so may be connected to.
  public static func isHost(_ text: some StringProtocol) -> Bool {
    isAddress(text) || isValid(text)
  }

  /// Whether a text is an IPv4 address, or an IPv6 address that may have a zone: `fe80::1%eth0`.
  public static func isAddress(_ text: some StringProtocol) -> Bool {
    guard IPAddress(String(text)) != nil else { return false }
    guard let zone = zone(of: text) else { return true }
    return (1...maximumZoneByteCount).contains(zone.utf8.count)
      && zone.utf8.allSatisfy { (0x21...0x7E).contains($0) && !"/:%[]".utf8.contains($0) }
  }

  /// The zone of an address, behind its `%` (RFC 4007 §11); nil if it has none.
  public static func zone<Text: StringProtocol>(of text: Text) -> Text.SubSequence? {
    text.utf8.firstIndex(of: UInt8(ascii: "%")).map { text[text.utf8.index(after: $0)...] }
  }

  private static func isLabel(_ label: some Collection<UInt8>) -> Bool {
    let hyphen = UInt8(ascii: "-")
    guard (1...maximumLabelByteCount).contains(label.count), label.first != hyphen else {
      return false
    }
    var last = hyphen
    for byte in label {
      guard isAlphanumeric(byte) || byte == hyphen || byte == UInt8(ascii: "_") else {
        return false
      }
      last = byte
    }
    return last != hyphen
  }

  /// Whether resolvers would read a last label as the last number of an address.
  private static func isNumber(_ label: some Collection<UInt8>) -> Bool {
    let isDecimal = label.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    let start = label.prefix(2).map { $0 | 0x20 }
    return isDecimal || start == Array("0x".utf8).map { $0 | 0x20 }
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "a")...UInt8(ascii: "z"):
      true
    default: false
    }
  }
}
