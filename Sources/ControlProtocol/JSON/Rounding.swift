// Numbers are rounded for people and stores: no `0.30000000000000004`, no `1e-05`, no infinity or
// NaN, for which JSON has no form. The compiler's `encode(to:)` calls these overloads for the
// properties of this module's types, since a module's own overloads go before imported ones.
extension KeyedEncodingContainer {
  mutating func encode(_ number: Double, forKey key: Key) throws {
    try encode(RoundedNumber(number), forKey: key)
  }

  mutating func encodeIfPresent(_ number: Double?, forKey key: Key) throws {
    if let number { try encode(RoundedNumber(number), forKey: key) }
  }

  mutating func encode(_ property: Tolerant<Double>, forKey key: Key) throws {
    try encode(RoundedNumber(property.wrappedValue), forKey: key)
  }
}

/// A number with at most four decimals: a tenth of a millisecond, if it counts seconds.
private struct RoundedNumber: Encodable {
  let value: Double

  init(_ number: Double) {
    value = number.isFinite ? (number * 10_000).rounded() / 10_000 : 0
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(value)
  }
}
