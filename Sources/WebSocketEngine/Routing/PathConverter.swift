/// The rule for a path parameter: the segments that it takes, and the value of each.
///
/// A converter gets one segment of the path, decoded, never empty. It refuses a segment by giving
/// nil; if no other route takes the path, the handshake is answered with 404. Converters run on a
/// reactor's thread and must not block.
public struct PathConverter: Sendable {
  let convert: @Sendable (String) -> (any Sendable)?

  /// A converter that reads a segment as a value, or refuses it.
  public init(_ convert: @escaping @Sendable (String) -> (any Sendable)?) {
    self.convert = convert
  }

  /// A converter that takes the segments a condition holds for, as they are.
  public init(matching condition: @escaping @Sendable (String) -> Bool) {
    convert = { text in condition(text) ? text : nil }
  }

  /// A decimal integer of 64 bits, with an optional minus sign: `{id:int}`, an `Int`.
  public static let int = PathConverter { text in
    let digits = text.utf8.first == UInt8(ascii: "-") ? text.utf8.dropFirst() : text.utf8[...]
    guard !digits.isEmpty, digits.allSatisfy({ (48...57).contains($0) }) else { return nil }
    return Int(text)
  }

  /// A UUID of 32 hexadecimal digits in groups of 8-4-4-4-12: `{id:uuid}`, a `String` in lower
  /// case.
  public static let uuid = PathConverter { text in
    var lowered: [UInt8] = []
    for (index, byte) in text.utf8.enumerated() {
      switch (index, byte) {
      case (8, _), (13, _), (18, _), (23, _):
        guard byte == UInt8(ascii: "-") else { return nil }
        lowered.append(byte)
      case (_, UInt8(ascii: "0")...UInt8(ascii: "9")), (_, UInt8(ascii: "a")...UInt8(ascii: "f")):
        lowered.append(byte)
      case (_, UInt8(ascii: "A")...UInt8(ascii: "F")):
        lowered.append(byte | 0x20)
      default:
        return nil
      }
    }
    guard lowered.count == 36 else { return nil }
    return String(decoding: lowered, as: UTF8.self)
  }

  /// A day `yyyy-mm-dd` that exists: `{day:date}`, a ``CalendarDate``.
  public static let date = PathConverter { text in CalendarDate(text) }
}
