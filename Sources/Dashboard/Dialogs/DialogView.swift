/// Draws the open dialog.
enum DialogView {
  /// Draws the dialog over the screen.
  static func draw(_ context: ScreenContext, _ layout: Layout, into canvas: inout Canvas) {
    switch context.dialog {
    case nil: break
    case .filter(let line): FilterLineView.draw(line, context, layout, into: &canvas)
    case .find(let editor): drawLine("search: ", editor, context, layout, into: &canvas)
    case .command(let entry):
      drawLine(":", entry.editor, context, layout, into: &canvas)
      if let row = layout.footerRow {
        CommandLineView.draw(entry, context, row: row, into: &canvas)
      }
    case .columns(let form): ColumnPicker.draw(context, form, into: &canvas)
    case .groupName(let editor): drawLine("name: ", editor, context, layout, into: &canvas)
    case .tapField(let field, let editor):
      drawLine(field.prompt, editor, context, layout, into: &canvas)
    case .sortPicker(let picker): picker.draw(context, into: &canvas)
    case .copyPicker(let picker), .groupPicker(let picker): picker.draw(context, into: &canvas)
    case .close, .send, .limit, .confirm, .tapAll, .leave:
      guard let form = context.dialog?.form else { return }
      FormView.draw(form.view(in: context), context, into: &canvas)
    }
  }

  /// Draws a prompt and the text behind it, and puts the cursor there.
  ///
  /// - Returns: the visible part of the text, and the column where it begins; nil without room.
  @discardableResult
  static func drawLine(
    _ prompt: String, _ editor: LineEditor, _ context: ScreenContext, _ layout: Layout,
    into canvas: inout Canvas
  ) -> (part: EditorView.Part, column: Int)? {
    let row = layout.noticeRow ?? canvas.rows - 1
    guard row >= 0, canvas.columns > 0 else { return nil }
    canvas.fill(row: row, columns: 0..<canvas.columns, style: .field)
    let start = canvas.put(prompt, row: row, column: 1, style: .key)
    let part = EditorView.visible(
      editor, columns: canvas.columns - start - 1, repertoire: context.setup.repertoire)
    canvas.put(part.text, row: row, column: start, style: .field)
    canvas.cursor = Canvas.Position(
      row: row, column: max(min(start + part.cursor, canvas.columns - 1), 0))
    return (part, start)
  }
}
