/// Decodes the units of a terminal library into events: joins pasted text, drops unknown escape
/// sequences.
///
/// Pasted text becomes one event, whatever it contains, so that rubbish on a clipboard cannot press
/// keys. A sequence that the library does not know arrives as Escape and a tail of characters; were
/// the tail taken for keys, `ESC [ 2 ; 5 ~` would press `2` and `5`.
package struct InputDecoder: Equatable, Sendable {
  /// A unit that a terminal library reads.
  package enum Unit: Equatable, Sendable {
    /// A character, control characters included.
    case scalar(Unicode.Scalar)
    /// A key that the library knows.
    case key(Key)
    /// Pasted text begins.
    case pasteBegins
    /// Pasted text ends.
    case pasteEnds
    /// A report about the mouse begins, in xterm's SGR encoding (`ESC [ <`).
    case mouseBegins
  }

  /// The most text of one paste, in bytes of UTF-8; the rest is dropped.
  package static let maximumPasteByteCount = 256 << 10

  private var paste: String?
  /// The beginning of a report about the mouse.
  private var report: String?

  /// A decoder with nothing pending.
  package init() {}

  /// Whether a paste has begun and not ended.
  package var isInPaste: Bool { paste != nil }

  /// Decodes the units of one reading.
  package mutating func events(from units: [Unit]) -> [ConsoleEvent] {
    var events: [ConsoleEvent] = []
    var index = 0
    while index < units.count {
      let unit = units[index]
      index += 1
      if report != nil, takeReport(unit, into: &events) { continue }
      switch unit {
      case .mouseBegins:
        // A report within a paste is rubbish.
        if paste == nil { report = "" }
      case .pasteBegins:
        if paste == nil { paste = "" }
      case .pasteEnds:
        if let text = paste, !text.isEmpty { events.append(.paste(text)) }
        paste = nil
      case .scalar(let scalar):
        if paste != nil {
          append(scalar)
        } else if scalar == "\u{1B}" {
          if let end = Self.endOfSequence(in: units, from: index) {
            index = end
          } else {
            events.append(.key(.escape))
          }
        } else if let key = Self.key(of: scalar) {
          events.append(.key(key))
        }
      case .key(let key):
        guard paste != nil else {
          events.append(.key(key))
          continue
        }
        if key == .enter { append("\n") }
        if key == .tab { append("\t") }
      }
    }
    return events
  }

  /// Takes a unit as part of a report; false if it cannot be, which ends the report.
  private mutating func takeReport(_ unit: Unit, into events: inout [ConsoleEvent]) -> Bool {
    guard case .scalar(let scalar) = unit, var text = report,
      ("0"..."9").contains(scalar) || scalar == ";" || scalar == "M" || scalar == "m"
    else {
      report = nil
      return false
    }
    // `scalar` is left out of a report that is too long, and so invalid; its end is still awaited.
    if text.utf8.count < MouseEvent.maximumReportLength { text.unicodeScalars.append(scalar) }
    report = text
    guard scalar == "M" || scalar == "m" else { return true }
    report = nil
    if let event = MouseEvent(report: text) { events.append(.mouse(event)) }
    return true
  }

  private mutating func append(_ scalar: Unicode.Scalar) {
    guard var text = paste, text.utf8.count < Self.maximumPasteByteCount else { return }
    paste = nil
    text.unicodeScalars.append(scalar == "\r" ? "\n" : scalar)
    paste = text
  }

  /// The key of a character outside of a paste; nil for control characters that are no key.
  private static func key(of scalar: Unicode.Scalar) -> Key? {
    switch scalar.value {
    case 0x0D, 0x0A: .enter
    case 0x09: .tab
    case 0x7F, 0x08: .backspace
    case 0x01...0x1A: .control(Character(Unicode.Scalar(UInt8(scalar.value) + 0x60)))
    case 0x00...0x1F, 0x80...0x9F: nil
    default: .character(Character(scalar))
    }
  }

  /// The index after a control sequence (`[` and its tail) or a key sequence (`O` and a letter)
  /// that follows Escape at once; nil if there is none.
  private static func endOfSequence(in units: [Unit], from start: Int) -> Int? {
    guard start + 1 < units.count, case .scalar(let introducer) = units[start] else { return nil }
    if introducer == "O" { return start + 2 }
    guard introducer == "[" else { return nil }
    var index = start + 1
    while index < units.count, case .scalar(let scalar) = units[index] {
      index += 1
      if (0x40...0x7E).contains(scalar.value) { return index }
      guard (0x20...0x3F).contains(scalar.value) else { break }
    }
    return index
  }
}
