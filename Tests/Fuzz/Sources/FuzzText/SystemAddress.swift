import Glibc
import Vocabulary

/// What the system's `inet_pton` makes of an address, its zone left out; nil if it is none.
func systemAddress(_ text: String) -> IPAddress? {
  var v4 = in_addr()
  if inet_pton(AF_INET, text, &v4) == 1 {
    return IPAddress(v4: UInt32(bigEndian: v4.s_addr))
  }
  var v6 = in6_addr()
  // By bytes: a percent sign and a combining mark behind it are one Character.
  let address = String(decoding: text.utf8.prefix { $0 != UInt8(ascii: "%") }, as: UTF8.self)
  guard inet_pton(AF_INET6, address, &v6) == 1 else { return nil }
  let bits = withUnsafeBytes(of: &v6) { bytes in
    bytes.reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
  }
  return IPAddress(v6: bits)
}
