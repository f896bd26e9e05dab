/// A block of addresses in CIDR form, such as `10.0.0.0/8` or `2001:db8::/32`.
public struct AddressBlock: Hashable, Sendable {
  private let isIPv4: Bool
  private let network: UInt128
  private let mask: UInt128

  /// Reads an address, which is a block of one, or an address and the length of its prefix.
  ///
  /// Bits behind the prefix do not count. A block of IPv4 addresses inside IPv6, such as
  /// `::ffff:10.0.0.0/104`, is the block of IPv4 addresses.
  public init?(_ text: String) {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard let address = parts.first.flatMap({ IPAddress(String($0)) }) else { return nil }
    let width = address.isIPv4 ? 32 : 128
    var length = width
    if parts.count > 1 {
      let digits = parts[1].utf8
      guard (1...3).contains(digits.count), digits.allSatisfy({ (48...57).contains($0) }),
        digits.first != 48 || digits.count == 1, let number = Int(parts[1])
      else { return nil }
      // The prefix of an IPv4 address written as IPv6 is counted in IPv6's bits.
      length = address.isIPv4 && text.utf8.contains(UInt8(ascii: ":")) ? number - 96 : number
    }
    guard (0...width).contains(length) else { return nil }
    isIPv4 = address.isIPv4
    mask = length == 0 ? 0 : UInt128.max << UInt128(width - length)
    network = address.bits & mask
  }

  /// Whether an address lies in the block; an IPv4 address lies in no block of IPv6 addresses.
  public func contains(_ address: IPAddress) -> Bool {
    address.isIPv4 == isIPv4 && address.bits & mask == network
  }
}
