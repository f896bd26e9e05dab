extension IPAddress {
  /// The block in which an operator looks for neighbours, in CIDR form: `10.0.3.0/24` for IPv4, as
  /// much as one site usually has, `2001:db8:1:2::/64` for IPv6 (RFC 6177, RFC 7421).
  public var neighbourhood: String {
    isIPv4
      ? "\(IPAddress(v4: UInt32(truncatingIfNeeded: bits) & 0xFFFF_FF00))/24"
      : "\(IPAddress(v6: (bits >> 64) << 64))/64"
  }
}
