import ControlProtocol

/// The line in which a filter is typed; below it the candidates, or the error under its column.
enum FilterLineView {
  private static let prompt = "filter: "
  /// The most rows of a sentence beside the arrow's own.
  private static let maximumSentenceRows = 6

  /// The rows that the line needs below it beside the footer's.
  static func extraRows(of line: FilterLine, in context: ScreenContext) -> Int {
    guard line.completion == nil, context.rows >= 10, let error = error(of: line, in: context)
    else {
      return 0
    }
    let sentence = FilterErrorText.sentence(error, in: context)
    let shift = min(
      1 + prompt.count + FilterErrorText.shift(of: error, in: line.editor.text, context),
      context.columns - 1)
    let isBeside = max(context.columns - shift - 2, shift - 2) >= DisplayWidth.of(sentence)
    guard !isBeside else { return 0 }
    return min(
      WrappedText.lines(sentence, columns: context.columns - 2).count, maximumSentenceRows)
  }

  /// The error in the filter: the line's own, or the engine's for the filter of sessions.
  private static func error(of line: FilterLine, in context: ScreenContext) -> ControlError.Body? {
    line.error ?? context.latest.filterError
  }

  /// Draws line, completion and error.
  static func draw(
    _ line: FilterLine, _ context: ScreenContext, _ layout: Layout, into canvas: inout Canvas
  ) {
    guard
      let (part, column) = DialogView.drawLine(prompt, line.editor, context, layout, into: &canvas)
    else { return }
    guard let footer = layout.footerRow else { return }
    if let completion = line.completion {
      drawCompletion(completion, row: footer, into: &canvas)
    } else if let error = error(of: line, in: context) {
      let arrow =
        column
        + EditorView.column(
          ofScalar: FilterErrorText.scalar(of: error), in: line.editor.text, part,
          repertoire: context.setup.repertoire)
      let first = (layout.noticeRow ?? footer - 1) + 1
      draw(
        FilterErrorText.sentence(error, in: context), arrow: min(arrow, max(canvas.columns - 1, 0)),
        rows: first...max(footer, first), into: &canvas)
    }
  }

  /// Draws an arrow, and the sentence at its right, at its left, or in the rows below.
  private static func draw(
    _ sentence: String, arrow: Int, rows: ClosedRange<Int>, into canvas: inout Canvas
  ) {
    for row in rows {
      canvas.cover(row: row)
    }
    let top = rows.lowerBound
    let width = DisplayWidth.of(sentence)
    canvas.put("^", row: top, column: arrow, style: .danger)
    if arrow + 2 + width <= canvas.columns {
      canvas.put(sentence, row: top, column: arrow + 2, style: .danger)
    } else if width + 1 < arrow {
      canvas.put(sentence, row: top, column: arrow - 1 - width, style: .danger)
    } else if rows.count > 1 {
      let lines = WrappedText.lines(sentence, columns: canvas.columns - 2)
      for (index, line) in lines.prefix(rows.count - 1).enumerated() {
        canvas.put(line, row: top + 1 + index, column: 1, style: .danger)
      }
    } else {
      // `shift` is given up, since there is no room for both: the sentence names the column.
      canvas.fill(row: top, columns: 0..<canvas.columns)
      canvas.put(
        DisplayWidth.fitted(sentence, to: canvas.columns - 1), row: top, column: 1, style: .danger)
    }
  }

  /// The candidates, with the one in the line between brackets.
  private static func drawCompletion(
    _ completion: FilterLine.Completion, row: Int, into canvas: inout Canvas
  ) {
    canvas.cover(row: row)
    let candidates = completion.found.candidates
    guard !candidates.isEmpty else {
      let example = completion.found.example
      let text = example.isEmpty ? "nothing fits" : "nothing to complete; such as \(example)"
      canvas.put(text, row: row, column: 1, style: .dim)
      return
    }
    let words = candidates.enumerated().map { index, candidate in
      index == completion.index ? "[\(candidate.label)]" : " \(candidate.label) "
    }
    // `first` scrolls a long list to the candidate in the line.
    var first = 0
    if let index = completion.index {
      while first < index,
        words[first...index].reduce(0, { $0 + DisplayWidth.of($1) + 1 }) > canvas.columns - 4
      {
        first += 1
      }
    }
    var at = first > 0 ? canvas.put("… ", row: row, column: 0, style: .dim) : 0
    for index in first..<words.count {
      guard at + DisplayWidth.of(words[index]) < canvas.columns - 2 || index == first else {
        canvas.put("…", row: row, column: canvas.columns - 1, style: .dim)
        break
      }
      let isCurrent = index == completion.index
      at = canvas.put(words[index], row: row, column: at, style: isCurrent ? .activeTab : .key)
    }
  }
}
