import ControlProtocol

/// Draws the dialog in which columns are chosen.
enum ColumnPicker {
  /// How many columns are listed at once.
  static func visibleRows(in context: ScreenContext) -> Int {
    max(1, min(SessionField.columns.count, context.rows - 5))
  }

  /// Draws the list as a box.
  static func draw(_ context: ScreenContext, _ form: ColumnForm, into canvas: inout Canvas) {
    let visible = visibleRows(in: context)
    let position = form.position
    let top = min(max(position.top, position.cursor - visible + 1), position.cursor)
    let fitting = Set(
      SessionColumn.fitting(form.choice, columns: context.columns, sort: form.sort)
        .map(\.key))
    let keyWidth = form.entries.map { DisplayWidth.of($0.key.rawValue) }.max() ?? 0
    var lines = form.entries.enumerated().dropFirst(top).prefix(visible).map { index, entry in
      let isCursor = index == position.cursor
      let state = !entry.isShown ? "" : fitting.contains(entry.key) ? "" : "  no room"
      let heading = SessionColumn(entry.key, columns: context.columns).heading
      return StyledText(
        (isCursor ? "▸ " : "  ") + (entry.isShown ? "[x] " : "[ ] ")
          + DisplayWidth.padded(heading, to: 10) + " "
          + DisplayWidth.padded(entry.key.rawValue, to: keyWidth) + " " + entry.key.title,
        isCursor ? .selection : .dialog
      ).with(state, .warning)
    }
    let chosen = form.choice.keys.count
    lines.append(
      StyledText("\(chosen) chosen; the rightmost give way where there is no room", .dim))
    let place = DialogBox.draw(
      title: form.search.title("Columns"), lines: lines, focus: position.cursor - top,
      hidden: (top, max(0, form.entries.count - top - visible)), into: &canvas)
    for row in 0..<place.count where place.first + row < lines.count - 1 {
      canvas.add(
        .row(top + place.first + row), row: place.row + row,
        columns: place.column..<(place.column + place.columns))
    }
  }
}
