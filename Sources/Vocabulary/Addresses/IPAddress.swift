/// An Internet address; an IPv4 address inside IPv6 (`::ffff:10.0.0.7`) is the IPv4 address.
public struct IPAddress: Hashable, Sendable {
  // `high` and `low` are two words and not one `UInt128`: Swift 6.3.1 moves a value that has a
  // `UInt128` beside other fields to places that are not aligned for it, and traps.
  private let high: UInt64
  private let low: UInt64
  /// Whether it is an IPv4 address.
  public let isIPv4: Bool

  /// An IPv4 address, in the byte order of numbers: 10.0.0.7 is `0x0A000007`.
  public init(v4: UInt32) {
    high = 0
    low = UInt64(v4)
    isIPv4 = true
  }

  /// Whether it is of the machine itself: 127.0.0.0/8 or `::1`.
  public var isLoopback: Bool { isIPv4 ? low >> 24 == 127 : high == 0 && low == 1 }

  /// The address's bits; an IPv4 address has the upper 96 clear.
  public var bits: UInt128 { UInt128(high) << 64 | UInt128(low) }

  /// An IPv6 address, in the byte order of numbers; if it holds an IPv4 address it becomes that.
  public init(v6: UInt128) {
    isIPv4 = v6 >> 32 == 0xFFFF
    high = isIPv4 ? 0 : UInt64(truncatingIfNeeded: v6 >> 64)
    low = isIPv4 ? UInt64(truncatingIfNeeded: v6 & 0xFFFF_FFFF) : UInt64(truncatingIfNeeded: v6)
  }

  /// Reads `10.0.0.7` or one of the forms of RFC 4291 §2.2; a zone such as `%eth0` is left out.
  public init?(_ text: String) {
    self.init(text.utf8.span)
  }

  /// Reads the text form from its bytes.
  public init?(_ text: Span<UInt8>) {
    if let value = Self.parseV4(text) {
      self.init(v4: value)
    } else if let value = Self.parseV6(text) {
      self.init(v6: value)
    } else {
      return nil
    }
  }

  /// Reads four decimal numbers without leading zeros, which some systems take as octal.
  private static func parseV4(_ text: Span<UInt8>) -> UInt32? {
    var value: UInt32 = 0
    var (octet, digitCount, octetCount): (UInt32, Int, Int) = (0, 0, 1)
    for index in text.indices {
      switch text[index] {
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        guard digitCount == 0 || octet > 0 else { return nil }
        octet = octet * 10 + UInt32(text[index] - UInt8(ascii: "0"))
        digitCount += 1
        guard octet <= 255 else { return nil }
      case UInt8(ascii: "."):
        guard digitCount > 0, octetCount < 4 else { return nil }
        value = value << 8 | octet
        (octet, digitCount, octetCount) = (0, 0, octetCount + 1)
      default: return nil
      }
    }
    guard digitCount > 0, octetCount == 4 else { return nil }
    return value << 8 | octet
  }

  private static func parseV6(_ text: Span<UInt8>) -> UInt128? {
    let colon = UInt8(ascii: ":")
    let end = text.indices.first { text[$0] == UInt8(ascii: "%") } ?? text.count
    guard end == text.count || end + 1 < text.count else { return nil }
    // The groups before `::` and those behind it; without one, all stand before.
    var (head, headCount, tail, tailCount): (UInt128, Int, UInt128, Int) = (0, 0, 0, 0)
    var isCompressed = false
    func push(_ group: UInt32) {
      if isCompressed {
        (tail, tailCount) = (tail << 16 | UInt128(group), tailCount + 1)
      } else {
        (head, headCount) = (head << 16 | UInt128(group), headCount + 1)
      }
    }
    var index = 0
    if end >= 2, text[0] == colon, text[1] == colon {
      isCompressed = true
      index = 2
    }
    while index < end {
      let start = index
      var group: UInt32 = 0
      while index < end, index - start < 4, let digit = hexDigit(text[index]) {
        group = group << 4 | digit
        index += 1
      }
      guard index > start, headCount + tailCount < 8 else { return nil }
      if index < end, text[index] == UInt8(ascii: ".") {
        guard let v4 = parseV4(text.extracting(start..<end)) else { return nil }
        push(v4 >> 16)
        push(v4 & 0xFFFF)
        index = end
        break
      }
      push(group)
      guard index < end else { break }
      guard text[index] == colon, index + 1 < end else { return nil }
      index += 1
      if text[index] == colon {
        guard !isCompressed else { return nil }
        isCompressed = true
        index += 1
      }
    }
    guard isCompressed else { return headCount == 8 ? head : nil }
    guard headCount + tailCount < 8 else { return nil }
    return head << UInt128(16 * (8 - headCount)) | tail
  }

  private static func hexDigit(_ byte: UInt8) -> UInt32? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a") + 10)
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A") + 10)
    default: nil
    }
  }
}
