import ControlProtocol
import Vocabulary

/// The payload of one message as lines, in the chosen view.
enum PayloadText {
  /// The most lines of one payload.
  private static let maximumLineCount = 4096

  /// The lines, escaped, each of at most `columns`.
  static func lines(
    of message: TapEntry.Message, as view: PayloadView, columns: Int, in repertoire: Repertoire
  ) -> [StyledText] {
    var lines: [StyledText]
    switch view {
    case .text: lines = textLines(message.payload, columns, repertoire).map { StyledText($0) }
    case .json:
      if let pretty = JSONLayout.lines(of: message.payload) {
        lines = pretty.flatMap { line in
          wrapped(
            String(repeating: " ", count: line.depth * 2) + repertoire.shown(line.text), columns)
        }.map { StyledText($0) }
      } else {
        lines = [StyledText("not JSON: shown as text", .dim)]
        lines += textLines(message.payload, columns, repertoire).map { StyledText($0) }
      }
    case .hex:
      let bytesPerLine = columns >= 73 ? 16 : columns >= 41 ? 8 : 4
      lines = HexDump.lines(message.payload, bytesPerLine: bytesPerLine).map { StyledText($0) }
    }
    if message.isCut {
      lines.append(
        StyledText(
          "only the first \(QuantityText.readableBytes(message.payload.count)) of "
            + "\(QuantityText.readableBytes(message.summary.bytes)) were kept", .dim))
    }
    return Array(lines.prefix(maximumLineCount))
  }

  /// A payload in one line, escaped; only the visible part is read.
  static func line(
    of message: TapEntry.Message, as view: PayloadView, columns: Int, in repertoire: Repertoire
  ) -> String {
    // `columns` may be negative on a narrow terminal.
    let columns = max(columns, 0)
    let bytes = message.payload.prefix(columns)
    guard view != .hex else {
      return bytes.prefix((columns + 2) / 3).map { HexBytes.text([$0]) }.joined(separator: " ")
    }
    return UntrustedText.escaped(
      bytes: bytes, asciiOnly: repertoire == .ascii, limit: columns)
  }

  private static func textLines(
    _ payload: [UInt8], _ columns: Int, _ repertoire: Repertoire
  ) -> [String] {
    payload.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      .flatMap { line in
        wrapped(
          UntrustedText.escaped(
            bytes: line, asciiOnly: repertoire == .ascii), columns)
      }
  }

  /// The text in lines of at most so many columns.
  static func wrapped(_ text: String, _ columns: Int) -> [String] {
    let columns = max(columns, 2)
    guard text.utf8.count > columns else { return [text] }
    var lines: [String] = []
    var line = String.UnicodeScalarView()
    var width = 0
    for scalar in text.unicodeScalars {
      let step =
        switch DisplayWidth.cellUse(of: scalar) {
        case .takes(let width): width
        case .joins: 0
        case .replaced: 1
        }
      if width + step > columns {
        lines.append(String(line))
        line = String.UnicodeScalarView()
        width = 0
      }
      line.append(scalar)
      width += step
    }
    return lines + [String(line)]
  }
}
