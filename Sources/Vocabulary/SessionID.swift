/// The name of a session outside its reactor: `sequence × 64 + reactor`, never reused in a run.
///
/// Shown as `s-` and lower-case Crockford base 32, such as `s-4k2`.
public struct SessionID: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// The number behind the text.
  public let rawValue: UInt64

  /// The greatest number of reactors an identifier can tell apart.
  public static let maximumReactorCount = 64

  /// An identifier from its number.
  public init(rawValue: UInt64) {
    self.rawValue = rawValue
  }

  /// The identifier of a reactor's `sequence`-th session.
  ///
  /// - Precondition: `reactor` is in `0..<maximumReactorCount`.
  public init(sequence: UInt64, reactor: Int) {
    precondition((0..<Self.maximumReactorCount).contains(reactor))
    rawValue = sequence &* UInt64(Self.maximumReactorCount) &+ UInt64(reactor)
  }

  /// The index of the reactor that owns the session.
  public var reactor: Int {
    Int(rawValue % UInt64(Self.maximumReactorCount))
  }

  /// Reads the shown form; upper case is accepted, and I, L, O as Crockford reads them.
  public init?(_ text: some StringProtocol) {
    let lowered = text.utf8
    guard lowered.starts(with: "s-".utf8) || lowered.starts(with: "S-".utf8) else { return nil }
    let digits = lowered.dropFirst(2)
    guard !digits.isEmpty, digits.count <= 13 else { return nil }
    var value: UInt64 = 0
    for byte in digits {
      guard let digit = Self.digit(byte) else { return nil }
      let (product, overflow) = value.multipliedReportingOverflow(by: 32)
      guard !overflow else { return nil }
      value = product | digit
    }
    rawValue = value
  }

  /// The shown form, such as `s-4k2`.
  public var description: String {
    var digits: [UInt8] = []
    var rest = rawValue
    repeat {
      digits.append(Self.alphabet[Int(rest % 32)])
      rest /= 32
    } while rest > 0
    return "s-" + String(decoding: digits.reversed(), as: UTF8.self)
  }

  /// Orders identifiers by number: by age within one reactor.
  public static func < (left: SessionID, right: SessionID) -> Bool {
    left.rawValue < right.rawValue
  }

  private static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)

  private static func digit(_ byte: UInt8) -> UInt64? {
    let lower = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    switch lower {
    case UInt8(ascii: "i"), UInt8(ascii: "l"): return 1
    case UInt8(ascii: "o"): return 0
    default: return alphabet.firstIndex(of: lower).map(UInt64.init)
    }
  }
}

extension SessionID: Codable {
  /// Decodes the shown form.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let id = SessionID(text) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "\"\(text)\" is not a session ID such as s-4k2")
    }
    self = id
  }

  /// Encodes the shown form.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
