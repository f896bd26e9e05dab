/// Finds keys and their values in a text, in one pass, and replaces the values of some.
///
/// Delimiters count also if they are percent-encoded, so that a URL inside a value is looked into
/// as well; a value that follows an encoded `=` ends at an encoded `&`, any other at a plain one.
struct FieldScanner {
  /// The kind of text, which decides where keys and values stand.
  enum Form {
    /// In a query: everywhere.
    case query
    /// In a path: behind a semicolon up to the next slash, and behind an encoded question mark.
    case path
    /// In any text: behind a question mark up to the next space or quote.
    case text
  }

  private let bytes: [UInt8]
  private let form: Form
  /// The start of the name that a `=` may end; nil where no name can stand.
  private var nameStart: Int?
  /// Whether the names here are the parameters of one segment of a path.
  private var isInSegment = false
  private var result: [UInt8] = []
  private var copiedCount = 0

  /// A scanner of a text, which is looked at once.
  init(_ text: String, _ form: Form) {
    bytes = Array(text.utf8)
    self.form = form
    nameStart = form == .query ? 0 : nil
  }

  /// Whether there may be a key with a value in a text; most have none.
  static func mayFindFields(in text: Span<UInt8>) -> Bool {
    for index in text.indices where text[index] == UInt8(ascii: "=") || text[index] == percent {
      return true
    }
    return false
  }

  /// The text with a mark in place of each key's value, marks already there left as they are; nil
  /// if no value is replaced.
  ///
  /// - Complexity: O(length of the text)
  consuming func replacing(where isKey: (ArraySlice<UInt8>) -> Bool) -> String? {
    var place = 0
    while place < bytes.count {
      let (byte, count) = unit(at: place)
      let next = place + count
      if byte == UInt8(ascii: "="), let nameStart {
        guard isKey(bytes[nameStart..<place]) else {
          self.nameStart = next
          place = next
          continue
        }
        // A mark that a client wrote before a secret does not hide the secret behind it.
        let markEnd = next + RedactionMark.byteCount(atStartOf: bytes[next...])
        let end = endOfValue(from: markEnd, isEncoded: count > 1)
        if end > markEnd {
          result += bytes[copiedCount..<next]
          result += RedactionMark.bytes(for: end - next)
          copiedCount = end
        }
        place = end
        // The delimiter that ends the value is looked at like any other byte.
        self.nameStart = end
        continue
      }
      see(byte, isEncoded: count > 1, nameStart: next)
      place = next
    }
    guard copiedCount > 0 else { return nil }
    return String(decoding: result + bytes[copiedCount...], as: UTF8.self)
  }

  /// Notes a byte outside of replaced values: it may begin a name, or end the part that has names.
  private mutating func see(_ byte: UInt8, isEncoded: Bool, nameStart next: Int) {
    switch (byte, form) {
    case (UInt8(ascii: "?"), _):
      nameStart = next
      isInSegment = false
    case (UInt8(ascii: "&"), _), (UInt8(ascii: ";"), .query), (UInt8(ascii: ";"), .text):
      if nameStart != nil { nameStart = next }
    case (UInt8(ascii: ";"), .path):
      if nameStart == nil { isInSegment = true }
      nameStart = next
    case (UInt8(ascii: "/"), .path) where isInSegment && !isEncoded:
      nameStart = nil
      isInSegment = false
    case (_, .text) where Self.endsURL(byte) && !isEncoded: nameStart = nil
    default: break
    }
  }

  private func endOfValue(from start: Int, isEncoded: Bool) -> Int {
    var place = start
    while place < bytes.count {
      let (byte, count) = unit(at: place)
      let isDelimiter =
        switch byte {
        case UInt8(ascii: "&"): true
        case UInt8(ascii: "/"): isInSegment
        case UInt8(ascii: ";"): isInSegment
        default: form == .text && Self.endsURL(byte)
        }
      if isDelimiter, count == 1 || isEncoded { break }
      place += count
    }
    return place
  }

  /// Whether a byte is none of a URL's query.
  private static func endsURL(_ byte: UInt8) -> Bool {
    byte <= 0x20 || byte == 0x7F || "\"'<>#".utf8.contains(byte)
  }

  /// The byte at a place, decoded, and how many it takes there.
  private func unit(at place: Int) -> (byte: UInt8, count: Int) {
    guard bytes[place] == Self.percent, place + 2 < bytes.count,
      let high = Self.value(of: bytes[place + 1]), let low = Self.value(of: bytes[place + 2])
    else { return (bytes[place], 1) }
    return (high << 4 | low, 3)
  }

  private static let percent = UInt8(ascii: "%")

  /// The bytes with each percent-encoded one decoded, also where the escape itself was encoded.
  static func decoded(_ bytes: some Sequence<UInt8>) -> [UInt8] {
    var decoded: [UInt8] = []
    for byte in bytes {
      decoded.append(byte)
      guard decoded.count > 2, decoded[decoded.count - 3] == percent,
        let high = value(of: decoded[decoded.count - 2]), let low = value(of: byte)
      else { continue }
      decoded.removeLast(3)
      decoded.append(high << 4 | low)
    }
    return decoded
  }

  private static func value(of digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
