import Vocabulary

/// The header word of a statistics record: version, route, flags and state in 64 bits.
///
/// The version is odd while the record changes hands; the rest may change at any time.
struct RecordHeader: Equatable {
  /// Bits 0–7 state, 8–15 flags, 16–31 route + 1, 32–63 version.
  private(set) var bits: UInt64

  /// The header that a word holds.
  init(bits: UInt64) {
    self.bits = bits
  }

  /// The number of times the record began or ended to change hands, modulo 2^32.
  var version: UInt32 {
    UInt32(truncatingIfNeeded: bits >> 32)
  }

  /// The same header, one version later.
  var next: RecordHeader {
    RecordHeader(bits: bits &+ 1 << 32)
  }

  /// The session's state, or nil for a free record.
  var state: SessionState? {
    get {
      switch bits & 0xFF {
      case 1: .opening
      case 2: .open
      case 3: .closing
      case 4: .closed
      default: nil
      }
    }
    set {
      let code: UInt64 =
        switch newValue {
        case nil: 0
        case .opening: 1
        case .open: 2
        case .closing: 3
        case .closed: 4
        }
      bits = bits & ~0xFF | code
    }
  }

  /// The flags of the session.
  var flags: SessionFlags {
    get { SessionFlags(rawValue: UInt8(truncatingIfNeeded: bits >> 8)) }
    set { bits = bits & ~0xFF00 | UInt64(newValue.rawValue) << 8 }
  }

  /// The index of the session's route, or nil.
  ///
  /// - Precondition: a new value is in `0...SessionIdentity.maximumRouteIndex`.
  var route: Int? {
    get {
      let field = Int(bits >> 16 & 0xFFFF)
      return field == 0 ? nil : field - 1
    }
    set {
      precondition(newValue.map { (0...SessionIdentity.maximumRouteIndex).contains($0) } ?? true)
      bits = bits & ~0xFFFF_0000 | UInt64((newValue ?? -1) + 1) << 16
    }
  }
}
