extension IPAddress: CustomStringConvertible {
  /// The one text form: `10.0.0.7`, or that of RFC 5952 §4, such as `2001:db8::7`.
  public var description: String {
    isIPv4 ? textV4 : textV6
  }

  // The text is built by hand, since one is made for every connection.
  private var textV4: String {
    var text: [UInt8] = []
    text.reserveCapacity(15)
    for shift in stride(from: 24, through: 0, by: -8) {
      let octet = UInt8(truncatingIfNeeded: bits >> UInt128(shift))
      if octet >= 100 { text.append(UInt8(ascii: "0") + octet / 100) }
      if octet >= 10 { text.append(UInt8(ascii: "0") + octet / 10 % 10) }
      text.append(UInt8(ascii: "0") + octet % 10)
      if shift > 0 { text.append(UInt8(ascii: ".")) }
    }
    return String(decoding: text, as: UTF8.self)
  }

  private var textV6: String {
    let groups = (0..<8).map { UInt16(truncatingIfNeeded: bits >> UInt128(112 - 16 * $0)) }
    // The first of the longest runs of zeros, if it is longer than one (§4.2.2, §4.2.3).
    var longest = 0..<0
    var start = 0
    for index in 0...groups.count {
      if index < groups.count, groups[index] == 0 { continue }
      if index - start > max(longest.count, 1) { longest = start..<index }
      start = index + 1
    }
    func text(_ groups: ArraySlice<UInt16>) -> String {
      groups.map { String($0, radix: 16) }.joined(separator: ":")
    }
    guard !longest.isEmpty else { return text(groups[...]) }
    return text(groups[..<longest.lowerBound]) + "::" + text(groups[longest.upperBound...])
  }
}
