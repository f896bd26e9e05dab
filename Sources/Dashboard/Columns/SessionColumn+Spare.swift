import ControlProtocol

extension SessionColumn {
  /// Gives width that texts do not need now to columns whose texts are cut, to PATH first and then
  /// from the left.
  ///
  /// Only columns of texts give: what a number needs changes from one snapshot to the next. Each
  /// keeps room for its heading and the mark of the order.
  ///
  /// - Parameter rows: the sessions that are visible.
  /// - Returns: whether a text is cut all the same.
  @discardableResult
  static func spare(
    _ columns: inout [SessionColumn], for rows: ArraySlice<SessionRow>, in context: ScreenContext
  ) -> Bool {
    // Numbers neither give nor take.
    let widest = columns.map { column in
      column.isNumber
        ? 0
        : rows.reduce(0) { max($0, DisplayWidth.of(column.text(of: $1, in: context))) }
    }
    let needed = zip(columns, widest).map { max(DisplayWidth.of($0.heading) + 1, $1) }
    let texts = columns.indices.filter { !columns[$0].isNumber }
    let takers =
      texts.filter { columns[$0].key == .path } + texts.filter { columns[$0].key != .path }
    for taker in takers {
      for giver in texts.reversed() where giver != taker {
        let missing = needed[taker] - columns[taker].width
        let left = columns[giver].width - needed[giver]
        guard missing > 0, left > 0 else { continue }
        let given = min(missing, left)
        columns[giver].width -= given
        columns[taker].width += given
      }
    }
    return texts.contains { widest[$0] > columns[$0].width }
  }
}
