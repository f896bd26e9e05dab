/// The rows of the terminal that each part has.
///
/// From 24 rows on every part has its own; below, first the header shrinks, then the tabs and the
/// footer go, so that the list stays longest.
package struct Layout: Equatable, Sendable {
  /// Rows of the header, from 0.
  package var headerRows: Int
  /// The row of the tabs; nil if there is no room.
  package var tabRow: Int?
  /// The first row of the screen.
  package var contentTop: Int
  /// Rows of the screen, its heading included.
  package var contentRows: Int
  /// The first row of the notice, or of the line for typing; nil if there is none.
  package var noticeRow: Int?
  /// Rows of the notice.
  package var noticeRows: Int
  /// The row of the running acts; nil if there are none, or no room.
  package var progressRow: Int?
  /// The row of the footer; nil if there is no room.
  package var footerRow: Int?

  /// The least width at which the header takes three lines instead of five.
  package static let wideColumns = 118

  /// The least rows at which the texts that a table cuts have a line of their own.
  private static let detailedRows = 20

  /// The layout for a context.
  package init(_ context: ScreenContext) {
    self.init(context, tellsCutTexts: context.cutTexts != nil)
  }

  /// The layout with or without a line of the texts that a table cuts.
  init(_ context: ScreenContext, tellsCutTexts: Bool) {
    let rows = context.rows
    switch rows {
    case 20...: headerRows = context.columns >= Self.wideColumns ? 3 : 5
    case 14...: headerRows = 3
    case 4...: headerRows = 1
    default: headerRows = 0
    }
    tabRow = rows >= 8 ? headerRows : nil
    contentTop = headerRows + (tabRow == nil ? 0 : 1)
    footerRow = rows >= 4 ? rows - 1 : nil
    switch context.dialog {
    case .filter(let line):
      noticeRows = rows >= 3 ? 1 + FilterLineView.extraRows(of: line, in: context) : 0
    case let line? where line.isLine: noticeRows = rows >= 3 ? 1 : 0
    default:
      let wanted =
        context.notice.map { $0.command == nil || rows < 14 ? 1 : 2 }
        ?? (tellsCutTexts && rows >= Self.detailedRows ? 1 : 0)
      noticeRows = rows >= 6 ? wanted : 0
    }
    let end = max(footerRow ?? rows, 0)
    noticeRow = noticeRows > 0 ? end - noticeRows : nil
    let isActing = rows >= 7 && !context.acts.running.isEmpty
    progressRow = isActing ? (noticeRow ?? end) - 1 : nil
    contentRows = max((progressRow ?? noticeRow ?? end) - contentTop, 0)
  }

  /// Whether the screen has a heading.
  package var hasHeading: Bool { contentRows >= 3 }

  /// The first row below the heading.
  package var bodyTop: Int { contentTop + (hasHeading ? 1 : 0) }

  /// Rows below the heading.
  package var bodyRows: Int { contentRows - (hasHeading ? 1 : 0) }
}
