import Vocabulary

/// A client's key by which a policy that hashes finds the same upstream each time.
///
/// The hash is the same on every machine and in every run, which `Hasher`'s is not: engines behind one
/// balancer send a client to the same upstream. It is FNV-1a, whose bits are then mixed as
/// SplitMix64 does.
package struct UpstreamKey: Hashable, Sendable {
  private let value: UInt64

  /// The key of some bytes, such as those of an address or of a header field.
  package init(_ bytes: some Sequence<UInt8>) {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    value = Self.mixed(hash)
  }

  /// The weight of an upstream for this key: the key goes to the one with the greatest (rendezvous
  /// hashing), so that keys move only to or from an upstream that comes or goes.
  func weight(of upstream: UpstreamKey) -> UInt64 {
    Self.mixed(value ^ upstream.value)
  }

  private static func mixed(_ number: UInt64) -> UInt64 {
    var bits = number &+ 0x9E37_79B9_7F4A_7C15
    bits = (bits ^ bits >> 30) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ bits >> 27) &* 0x94D0_49BB_1331_11EB
    return bits ^ bits >> 31
  }
}
