// JSON is laid out without a parser, by brackets, commas, colons and strings alone: a truncated
// message is laid out too, and only white space between tokens changes. A parser would have to
// refuse a truncated message, and would lose the order of keys and the digits of numbers.

/// JSON in lines, indented.
enum JSONLayout {
  /// One line: its depth, and its text as it came.
  struct Line: Equatable {
    var depth: Int
    var text: String
  }

  /// The depth of the deepest indentation.
  private static let maximumDepth = 16

  /// The lines of a payload; nil if it is no JSON as far as it goes.
  static func lines(of payload: [UInt8]) -> [Line]? {
    var layout = Writer()
    let opening = payload.first { !isSpace($0) }
    guard opening == UInt8(ascii: "{") || opening == UInt8(ascii: "[") else { return nil }
    var index = 0
    while index < payload.count {
      let byte = payload[index]
      index += 1
      switch byte {
      case UInt8(ascii: "\""):
        let start = index - 1
        while index < payload.count, payload[index] != UInt8(ascii: "\"") {
          // A control character ends no string: it shows that this is no JSON.
          if payload[index] < 0x20 { return nil }
          index += payload[index] == UInt8(ascii: "\\") ? 2 : 1
        }
        index = min(index + 1, payload.count)
        layout.append(payload[start..<index])
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        var next = index
        while next < payload.count, isSpace(payload[next]) { next += 1 }
        let closing = byte + 2
        if next < payload.count, payload[next] == closing {
          layout.append([byte, closing])
          index = next + 1
        } else {
          layout.open(byte)
        }
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        guard layout.close(byte) else { return nil }
      case UInt8(ascii: ","): layout.separate()
      case UInt8(ascii: ":"): layout.append(Array(": ".utf8))
      case _ where isSpace(byte): break
      default:
        guard isOfWord(byte) else { return nil }
        layout.append([byte])
      }
    }
    return layout.finished()
  }

  private static func isSpace(_ byte: UInt8) -> Bool { [0x20, 0x09, 0x0A, 0x0D].contains(byte) }

  /// Whether a byte occurs in numbers and in `true`, `false` and `null`.
  private static func isOfWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "E"):
      true
    default: "+-.".utf8.contains(byte)
    }
  }

  /// Collects lines.
  private struct Writer {
    private var lines: [Line] = []
    private var line: [UInt8] = []
    private var closings: [UInt8] = []

    private var depth: Int { min(closings.count, maximumDepth) }

    mutating func append(_ bytes: some Sequence<UInt8>) { line += bytes }

    mutating func open(_ byte: UInt8) {
      line.append(byte)
      end()
      closings.append(byte + 2)
    }

    /// Closes a bracket; false if another one was open.
    mutating func close(_ byte: UInt8) -> Bool {
      guard closings.last == byte else { return false }
      if !line.isEmpty { end() }
      closings.removeLast()
      line.append(byte)
      return true
    }

    mutating func separate() {
      line.append(UInt8(ascii: ","))
      end()
    }

    private mutating func end() {
      lines.append(Line(depth: depth, text: String(decoding: line, as: UTF8.self)))
      line = []
    }

    mutating func finished() -> [Line] {
      if !line.isEmpty { end() }
      return lines
    }
  }
}
