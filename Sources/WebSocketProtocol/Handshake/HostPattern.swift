import Vocabulary

/// A host in a policy: a name, an address, or `*.` before a name for all names that end with it.
///
/// Compared by bytes, without regard to the case of ASCII letters.
struct HostPattern: Hashable, Sendable {
  /// The name without `*.`, in the form that hosts are compared in.
  private let name: String
  private let isWildcard: Bool

  /// Reads a pattern; nil for a text that no host can be: a name with an empty label or a forbidden
  /// byte, a number that is no address, an asterisk that is not the whole first label.
  init?(_ text: Substring) {
    isWildcard = text.utf8.starts(with: "*.".utf8)
    let name = Substring(text.utf8.dropFirst(isWildcard ? 2 : 0))
    let isAddress = Self.isAddress(name)
    guard isAddress ? !isWildcard : Self.isName(name) else { return nil }
    self.name = Self.comparable(name)
  }

  /// Whether a host matches: the name itself, or with `*.` one or more whole labels before it.
  func matches(_ host: Substring) -> Bool {
    let host = Self.comparable(host)
    guard isWildcard else { return Array(host.utf8) == Array(name.utf8) }
    let suffix = Array(("." + name).utf8)
    let bytes = Array(host.utf8)
    guard bytes.count > suffix.count, bytes.suffix(suffix.count).elementsEqual(suffix) else {
      return false
    }
    let labels = bytes.dropLast(suffix.count)
    return labels.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
      .allSatisfy(Self.isLabel)
  }

  /// Whether a host is an address: of four decimal numbers, or of IPv6 in brackets.
  static func isAddress(_ host: Substring) -> Bool {
    guard host.utf8.first == UInt8(ascii: "[") else {
      return IPAddress(String(host))?.isIPv4 == true && !host.utf8.contains(UInt8(ascii: ":"))
    }
    return host.utf8.last == UInt8(ascii: "]") && IPAddress(unbracketed(host)) != nil
  }

  /// The form in which equal hosts are equal texts: lower case, and the usual form of an address.
  static func comparable(_ host: Substring) -> String {
    if host.utf8.first == UInt8(ascii: "["), let address = IPAddress(unbracketed(host)) {
      return "[\(address)]"
    }
    return HTTPGrammar.lowercased(host)
  }

  private static func unbracketed(_ host: Substring) -> String {
    String(Substring(host.utf8.dropFirst().dropLast()))
  }

  private static func isName(_ text: Substring) -> Bool {
    let labels = Array(text.utf8)
      .split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    // A name whose last label is a number is taken for an address (URL standard, "ends in a
    // number").
    guard let last = labels.last, !last.allSatisfy(HTTPGrammar.isDigit) else { return false }
    return text.utf8.count <= 253 && labels.allSatisfy(isLabel)
  }

  private static func isLabel(_ bytes: some Collection<UInt8>) -> Bool {
    (1...63).contains(bytes.count)
      && bytes.allSatisfy { byte in
        HTTPGrammar.isTokenByte(byte)
          && (byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
            || HTTPGrammar.isDigit(byte)
            || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(HTTPGrammar.lowercased(byte)))
      }
  }
}
