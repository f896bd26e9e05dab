import ControlProtocol
import Vocabulary

/// How a session ended, in a row of the table and on its page.
enum EndingText {
  /// The least width with room for counters behind the reason.
  private static let wideColumns = 96

  /// The text of a closed session's row, in place of the columns of live ones.
  static func line(of row: SessionRow, columns: Int, in context: ScreenContext) -> StyledText {
    guard let ending = row.ending else { return StyledText("closed", .dim) }
    let ago = "\(HumanText.duration(ending.ago(now: context.latest.readAt))) ago"
    var line = StyledText(DisplayWidth.number(ago, to: 10), .dim)
    line.append("  \(ending.code.rawValue)", style(of: ending.code))
    if columns >= 60, let name = ending.code.name { line.append(" \(name)", .dim) }
    line.append(columns >= 48 ? ", by " : " ", .dim)
    line.append(context.shown(ending.byWhom))
    if !ending.reason.isEmpty { line.append("  \"\(context.shown(ending.reason))\"", .dim) }
    let counters = counters(of: row)
    guard columns >= Self.wideColumns else { return line.fitted(to: columns) }
    line = line.fitted(to: columns - counters.width - 2)
    line.append(String(repeating: " ", count: columns - counters.width - line.width))
    line.runs += counters.runs
    return line
  }

  /// The heading above such rows.
  static func heading(columns: Int) -> String {
    let right = "MESSAGES AND BYTES IN, OUT"
    let left = "    CLOSED  CODE, BY WHOM, REASON"
    guard columns >= Self.wideColumns else { return left }
    return DisplayWidth.padded(left, to: columns - DisplayWidth.of(right)) + right
  }

  /// A sentence for a page: `closed 3s ago with 1009 message too big, by limit:message-bytes`.
  static func sentence(_ ending: SessionEnding, in context: ScreenContext) -> String {
    "closed \(HumanText.duration(ending.ago(now: context.latest.readAt))) ago with "
      + "\(ending.code.rawValue)" + (ending.code.name.map { " \($0)" } ?? "")
      + ", by \(context.shown(ending.byWhom))"
  }

  private static func counters(of row: SessionRow) -> StyledText {
    func amount(_ messages: Int, _ bytes: Int) -> String {
      DisplayWidth.number(HumanText.count(messages, columns: 7), to: 7)
        + DisplayWidth.number(QuantityText.readableBytes(bytes), to: 10)
    }
    return StyledText(
      amount(row.messagesIn, row.bytesIn) + amount(row.messagesOut, row.bytesOut), .dim)
  }

  private static func style(of code: CloseCode) -> Style {
    code == .normalClosure || code == .goingAway ? .dim : .warning
  }
}
