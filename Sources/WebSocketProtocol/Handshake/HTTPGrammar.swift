/// The character classes of HTTP's grammar (RFC 9110 §5.6), and parsers built from them.
enum HTTPGrammar {
  static let carriageReturn = UInt8(ascii: "\r")
  static let lineFeed = UInt8(ascii: "\n")
  static let horizontalTab = UInt8(ascii: "\t")
  static let space = UInt8(ascii: " ")

  /// A byte of a token: `tchar`, RFC 9110 §5.6.2.
  static func isTokenByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "a")...UInt8(ascii: "z"):
      true
    case UInt8(ascii: "!"), UInt8(ascii: "#"), UInt8(ascii: "$"), UInt8(ascii: "%"),
      UInt8(ascii: "&"), UInt8(ascii: "'"), UInt8(ascii: "*"), UInt8(ascii: "+"),
      UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "^"), UInt8(ascii: "_"),
      UInt8(ascii: "`"), UInt8(ascii: "|"), UInt8(ascii: "~"):
      true
    default: false
    }
  }

  static func isToken(_ text: some StringProtocol) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy(isTokenByte)
  }

  /// A byte of a field value: no control byte but the tab, RFC 9110 §5.5.
  static func isFieldValueByte(_ byte: UInt8) -> Bool {
    byte == horizontalTab || (byte >= space && byte != 0x7F)
  }

  static func isOptionalWhitespace(_ byte: UInt8) -> Bool {
    byte == space || byte == horizontalTab
  }

  /// A byte of a request target: visible ASCII, and no fragment (RFC 9112 §3.2).
  ///
  /// Browsers leave `|`, `^` and brackets as they are, so RFC 3986 is not applied to the letter.
  static func isTargetByte(_ byte: UInt8) -> Bool {
    byte > space && byte < 0x7F && byte != UInt8(ascii: "#")
  }

  static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  static func hexadecimalValue(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    default: nil
    }
  }

  static func lowercased(_ byte: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
  }

  /// Whether two texts are the same but for the case of ASCII letters.
  static func isEqualIgnoringCase(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
    guard left.count == right.count else { return false }
    for index in left.indices where lowercased(left[index]) != lowercased(right[index]) {
      return false
    }
    return true
  }

  /// The text with its ASCII letters in lower case.
  static func lowercased(_ text: some StringProtocol) -> String {
    String(decoding: text.utf8.map(lowercased), as: UTF8.self)
  }

  /// The text without spaces and tabs around it.
  static func trimmed(_ text: Substring) -> Substring {
    var bytes = text.utf8
    while let first = bytes.first, isOptionalWhitespace(first) { bytes.removeFirst() }
    while let last = bytes.last, isOptionalWhitespace(last) { bytes.removeLast() }
    return Substring(bytes)
  }

  /// The range of the bytes without spaces and tabs around them.
  static func trimmedRange(of bytes: Span<UInt8>) -> Range<Int> {
    var (start, end) = (0, bytes.count)
    while start < end, isOptionalWhitespace(bytes[start]) { start += 1 }
    while start < end, isOptionalWhitespace(bytes[end - 1]) { end -= 1 }
    return start..<end
  }

  /// A decimal number of digits alone; nil if it has none, another byte, or passes `maximum`.
  static func decimal(_ text: some StringProtocol, maximum: Int = .max) -> Int? {
    guard !text.isEmpty, text.utf8.allSatisfy(isDigit) else { return nil }
    var value = 0
    for byte in text.utf8 {
      let (product, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, carried) = product.addingReportingOverflow(Int(byte - UInt8(ascii: "0")))
      guard !overflow, !carried, sum <= maximum else { return nil }
      value = sum
    }
    return value
  }

  /// `uri-host [":" port]`, RFC 9110 §7.2, split; nil if it is malformed or the host is empty.
  static func authority(_ text: some StringProtocol) -> (host: Substring, port: Int?)? {
    let text = Substring(text)
    let host: Substring
    let rest: Substring
    if text.utf8.first == UInt8(ascii: "[") {
      guard let close = text.utf8.firstIndex(of: UInt8(ascii: "]")) else { return nil }
      host = text[...close]
      rest = text[text.utf8.index(after: close)...]
      let address = host.utf8.dropFirst().dropLast()
      guard !address.isEmpty, address.allSatisfy(isAddressLiteralByte) else { return nil }
    } else {
      let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")) ?? text.endIndex
      host = text[..<colon]
      rest = text[colon...]
      guard !host.isEmpty, host.utf8.allSatisfy(isRegisteredNameByte) else { return nil }
    }
    guard !rest.isEmpty else { return (host, nil) }
    guard rest.utf8.first == UInt8(ascii: ":") else { return nil }
    let digits = Substring(rest.utf8.dropFirst())
    if digits.isEmpty { return (host, nil) }
    guard let port = decimal(digits, maximum: 65535) else { return nil }
    return (host, port)
  }

  /// A byte between the brackets of an IP literal, RFC 3986 §3.2.2.
  private static func isAddressLiteralByte(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ":") || isRegisteredNameByte(byte)
  }

  /// A byte of a `reg-name` or an IPv4 address, RFC 3986 §3.2.2.
  private static func isRegisteredNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "#"), UInt8(ascii: "^"), UInt8(ascii: "`"), UInt8(ascii: "|"): false
    case UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: ","), UInt8(ascii: ";"),
      UInt8(ascii: "="):
      true
    default: isTokenByte(byte)
    }
  }
}
