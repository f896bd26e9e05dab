import ControlProtocol
import Vocabulary

/// The columns of the session table with the widths that they have for the rows that are visible.
///
/// All texts of those rows are looked at for it, so that it is kept until one of its causes is
/// another: a key that moves the cursor alone fits nothing anew.
struct FittedColumns: Equatable {
  /// The columns, from left to right.
  let columns: [SessionColumn]
  /// Whether a text of a visible row is cut all the same.
  private let cutsTexts: Bool
  private let causes: Causes

  /// Everything that the widths depend on.
  struct Causes: Equatable {
    /// The rows of the latest snapshot, and the indices of the visible ones among them.
    private let window: [SessionRow]
    private let visible: Range<Int>
    private let choice: ColumnChoice
    private let sort: SessionField
    private let show: SessionSelection
    /// The terminal's columns.
    private let columns: Int
    private let repertoire: Repertoire

    /// The causes of a table's columns now.
    init(_ table: SessionTable, in context: ScreenContext) {
      let offset = context.latest.sessions?.offset ?? 0
      window = context.latest.sessions?.sessions ?? []
      // Rows count that the line of cut texts takes, as it would else come and go by itself.
      let rows = table.visibleRows(in: context, Layout(context, tellsCutTexts: false))
      visible = (rows.lowerBound - offset..<rows.upperBound - offset).clamped(to: window.indices)
      choice = table.columns
      sort = table.sort
      show = table.show
      columns = context.columns
      repertoire = context.setup.repertoire
    }

    /// The visible rows, as far as they have come.
    fileprivate var rows: ArraySlice<SessionRow> { window[visible] }

    /// The columns with their widths.
    ///
    /// - Complexity: O(*n*) in the length of all texts of the visible rows.
    fileprivate func fit(in context: ScreenContext) -> (columns: [SessionColumn], cutsTexts: Bool) {
      var shown = SessionColumn.fitting(choice, columns: columns, sort: sort)
      if show == .closed, !choice.tellsEndings,
        let path = shown.firstIndex(where: { $0.key == .path })
      {
        // How they ended wants the room.
        shown[path].width = min(shown[path].width, max(10, (columns - 60) / 3))
      }
      let cutsTexts = SessionColumn.spare(&shown, for: rows, in: context)
      return (shown, cutsTexts)
    }
  }

  private init(_ causes: Causes, in context: ScreenContext) {
    self.causes = causes
    (columns, cutsTexts) = causes.fit(in: context)
  }

  /// The columns of a table; those from before if nothing has changed that they depend on.
  static func of(
    _ table: SessionTable, in context: ScreenContext, before: FittedColumns?
  ) -> FittedColumns {
    let causes = Causes(table, in: context)
    if let before, before.causes == causes { return before }
    return FittedColumns(causes, in: context)
  }

  /// The whole texts of a session that its columns cut, with their names; empty if they cut none of
  /// it, or it is not visible; nil: they cut none of any visible row.
  func cutTexts(of id: SessionID?, in context: ScreenContext) -> String? {
    guard cutsTexts else { return nil }
    guard let row = causes.rows.first(where: { $0.id == id }) else { return "" }
    let texts = columns.filter { !$0.isNumber }.compactMap { column in
      let text = column.text(of: row, in: context)
      return DisplayWidth.of(text) > column.width ? "\(column.key.title) \(text)" : nil
    }
    return texts.joined(separator: "  ")
  }
}
