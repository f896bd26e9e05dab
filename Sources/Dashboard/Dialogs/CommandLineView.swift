import Vocabulary

/// The candidates for the command line, or why a text was refused, in the row of the footer.
enum CommandLineView {
  /// Draws as many candidates as fit, the chosen one among them.
  static func draw(
    _ entry: CommandEntry, _ context: ScreenContext, row: Int, into canvas: inout Canvas
  ) {
    if let complaint = entry.complaint {
      canvas.cover(row: row)
      canvas.put(
        DisplayWidth.fitted(complaint, to: canvas.columns - 1), row: row, column: 1,
        style: .warning)
      return
    }
    guard let completion = entry.completion else { return }
    canvas.cover(row: row)
    let words = completion.candidates.map(context.shown)
    let chosen = completion.index ?? 0
    let room = canvas.columns - 2
    // `first` lies as far to the left as the chosen candidate allows.
    var first = chosen
    var width = DisplayWidth.of(words[chosen])
    while first > 0, width + 2 + DisplayWidth.of(words[first - 1]) < room * 2 / 3 {
      first -= 1
      width += 2 + DisplayWidth.of(words[first])
    }
    var at = 1
    if first > 0 { at = canvas.put("… ", row: row, column: at, style: .dim) }
    for index in first..<words.count {
      let isChosen = index == completion.index
      guard at + DisplayWidth.of(words[index]) + 2 <= canvas.columns else {
        canvas.put("…", row: row, column: min(at, max(canvas.columns - 1, 0)), style: .dim)
        break
      }
      at = canvas.put(words[index], row: row, column: at, style: isChosen ? .selection : .normal)
      at = canvas.put("  ", row: row, column: at)
    }
  }
}
