import ControlProtocol
import Vocabulary

/// The page of a tap.
enum TapView {
  /// Draws the list, and below it the payload under the cursor.
  static func draw(
    _ page: TapPage, _ context: ScreenContext, _ layout: Layout, into canvas: inout Canvas
  ) {
    if layout.hasHeading { drawHeading(page, context, layout, into: &canvas) }
    let columns = canvas.columns - 2
    if let zoom = page.zoom {
      let lines = payloadLines(of: page, in: context)
      for (index, line) in lines.dropFirst(zoom.top).prefix(max(layout.bodyRows, 0)).enumerated() {
        canvas.put(line, row: layout.bodyTop + index, column: 1, limit: columns)
      }
      return
    }
    let rows = TapPage.listRows(of: layout.bodyRows)
    drawList(page, context, rows: rows, layout, into: &canvas)
    guard rows < layout.bodyRows else { return }
    let top = layout.bodyTop + rows
    canvas.fill(row: top, columns: 0..<canvas.columns, with: "─", style: .dim)
    guard let message = page.scrollback.current else { return }
    canvas.put(" " + summary(of: message, page) + " ", row: top, column: 2, style: .heading)
    let lines = payloadLines(of: page, in: context).prefix(max(layout.bodyRows - rows - 1, 0))
    for (index, line) in lines.enumerated() {
      canvas.put(line, row: top + 1 + index, column: 1, limit: columns)
    }
  }

  /// The payload under the cursor.
  static func payloadLines(of page: TapPage, in context: ScreenContext) -> [StyledText] {
    guard let message = page.scrollback.current else { return [] }
    return PayloadText.lines(
      of: message, as: page.view, columns: context.columns - 2, in: context.setup.repertoire)
  }

  // MARK: Parts

  private static func drawHeading(
    _ page: TapPage, _ context: ScreenContext, _ layout: Layout, into canvas: inout Canvas
  ) {
    let row = layout.contentTop
    canvas.fill(row: row, columns: 0..<canvas.columns, style: .heading)
    var left = StyledText("Tap of " + context.tapTitle(page), .heading)
    if page.namesSessions, page.state == .running {
      left.append(
        ", " + QuantityText.readableCount(page.sessionCount) + " tapped", .heading)
    }
    for word in choices(of: page, in: context) { left.append("  " + word, .accent) }
    canvas.put(left, right: status(of: page), row: row)
  }

  /// The filters of messages, in words.
  private static func choices(of page: TapPage, in context: ScreenContext) -> [String] {
    var words: [String] = []
    if let direction = page.options.direction { words.append("only \(direction.rawValue)") }
    if page.options.kinds != nil { words.append("only \(page.kindChoice.rawValue)") }
    if !page.options.sizesText.isEmpty { words.append(page.options.sizesText) }
    if let text = page.options.text {
      let pattern = TapPattern(text)
      words.append((pattern.isNegated ? "!" : "~") + context.shown(pattern.text))
    }
    return words
  }

  private static func status(of page: TapPage) -> StyledText {
    var text = StyledText(page.view.title, .heading)
    let back = page.scrollback
    text.append("  " + QuantityText.readableCount(back.messageCount) + " shown", .heading)
    if back.skippedCount > 0 {
      text.append(" " + QuantityText.readableCount(back.skippedCount) + " skipped", .warning)
    }
    switch page.state {
    case .connecting: text.append("  connecting…", .warning)
    case .ended: text.append("  ENDED", .warning)
    case .running where page.isPaused: text.append("  PAUSED", .warning)
    case .running where back.isFollowing && page.zoom == nil: text.append("  following", .live)
    case .running: break
    }
    if back.newerCount > 0 {
      text.append("  \(QuantityText.readableCount(back.newerCount)) newer", .warning)
    }
    return text
  }

  private static func drawList(
    _ page: TapPage, _ context: ScreenContext, rows: Int, _ layout: Layout,
    into canvas: inout Canvas
  ) {
    let back = page.scrollback
    var row = layout.bodyTop
    if back.entries.isEmpty {
      canvas.put(emptyText(page), row: row, column: 2)
      return
    }
    let needle = TapEntry.Message.needle(page.search)
    let end = layout.bodyTop + max(rows, 0)
    for (index, entry) in back.entries.enumerated().dropFirst(back.position.top) where row < end {
      switch entry {
      case .skipped(let count):
        canvas.put(
          "… \(QuantityText.readableCount(count)) skipped …", row: row, column: 2, style: .warning)
      case .message(let message):
        let isHit = !needle.isEmpty && message.contains(needle)
        canvas.put(
          line(of: message, page, context, columns: canvas.columns - 2, isHit: isHit), row: row,
          column: 2)
      }
      if index == back.position.cursor {
        canvas.put("▸", row: row, column: 0)
        canvas.restyle(row: row, columns: 0..<canvas.columns, style: .selection)
      }
      row += 1
    }
    if case .ended(let reason) = page.state, row < end {
      canvas.put(reason, row: row, column: 2, style: .warning)
    }
  }

  private static func emptyText(_ page: TapPage) -> StyledText {
    switch page.state {
    case .connecting: StyledText("connecting…", .dim)
    case .ended(let reason): StyledText(reason, .warning)
    case .running where page.sessionCount == 0:
      StyledText("no session is tapped yet; those that come to match will be", .dim)
    case .running: StyledText("waiting for messages…", .dim)
    }
  }

  private static func line(
    of message: TapEntry.Message, _ page: TapPage, _ context: ScreenContext, columns: Int,
    isHit: Bool
  ) -> StyledText {
    let summary = message.summary
    var line = StyledText()
    if columns >= 60 {
      line.append(time(summary.at, context) + " ", .dim)
    }
    if page.namesSessions, columns >= 40 {
      line.append(DisplayWidth.padded(summary.session.description, to: 9) + " ", .accent)
    }
    line.append(
      summary.direction == .in ? "in  " : "out ", summary.direction == .in ? .accent : .live)
    line.append(
      DisplayWidth.padded(summary.kind.rawValue, to: 6) + " ",
      summary.kind == .close ? .warning : .normal)
    if columns >= 40 {
      line.append(
        DisplayWidth.number(QuantityText.readableBytes(summary.bytes), to: 8) + " ")
    }
    if columns >= 100 {
      let compressed = summary.compressedBytes.map { "(\(QuantityText.readableBytes($0)))" } ?? ""
      line.append(DisplayWidth.number(compressed, to: 10) + " ", .dim)
    }
    if let code = summary.code { line.append("\(code.rawValue) ", .warning) }
    line.append(
      PayloadText.line(
        of: message, as: page.view, columns: columns - line.width, in: context.setup.repertoire),
      isHit ? .marked : .normal)
    return line
  }

  private static func summary(of message: TapEntry.Message, _ page: TapPage) -> String {
    let summary = message.summary
    var words = [
      summary.session.description, summary.direction.rawValue, summary.kind.rawValue,
      QuantityText.readableCount(summary.bytes) + " B",
    ]
    if let compressed = summary.compressedBytes {
      words.append("(\(QuantityText.readableCount(compressed)) B compressed)")
    }
    if let code = summary.code { words.append("\(code.rawValue)") }
    return words.joined(separator: " ") + ", as \(page.view.title)"
  }

  /// The time of day to the millisecond.
  private static func time(_ seconds: Double, _ context: ScreenContext) -> String {
    let whole = seconds.isFinite ? seconds.rounded(.down) : 0
    let thousandths = seconds.isFinite ? HumanText.whole((seconds - whole) * 1000, .down) : 0
    return HumanText.timeOfDay(whole, context.setup.localTime)
      + "." + String(1000 + thousandths % 1000).dropFirst()
  }
}
