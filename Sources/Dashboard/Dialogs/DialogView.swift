import ControlProtocol
import Vocabulary

/// Draws whatever dialog is open.
enum DialogView {
  /// Draws the dialog over the screen.
  static func draw(_ model: Model, _ layout: Layout, into canvas: inout Canvas) {
    switch model.dialog {
    case nil: break
    case .filter(let editor):
      drawLine("filter: ", editor, model, layout, into: &canvas)
      if let error = model.picture.filterError, let row = layout.footerRow {
        drawFilterError(error, editor, model, row: row, into: &canvas)
      }
    case .command(let entry):
      drawLine(":", entry.editor, model, layout, into: &canvas)
      if let row = layout.footerRow { CommandLineView.draw(entry, model, row: row, into: &canvas) }
    case .groupName(let editor): drawLine("name: ", editor, model, layout, into: &canvas)
    case .tapField(let field, let editor):
      drawLine(field.prompt, editor, model, layout, into: &canvas)
    case .sortPicker(let position): SortPicker.draw(model, position, into: &canvas)
    case .close(let form): FormView.draw(FormView(form, model), model, into: &canvas)
    case .send(let form): FormView.draw(FormView(form, model), model, into: &canvas)
    case .limit(let form): FormView.draw(FormView(form, model), model, into: &canvas)
    case .confirm(let form): FormView.draw(FormView(form, model), model, into: &canvas)
    }
  }

  private static func drawLine(
    _ prompt: String, _ editor: LineEditor, _ model: Model, _ layout: Layout,
    into canvas: inout Canvas
  ) {
    let row = layout.noticeRow ?? canvas.rows - 1
    guard row >= 0, canvas.columns > 0 else { return }
    canvas.fill(row: row, columns: 0..<canvas.columns, style: .field)
    let start = canvas.put(prompt, row: row, column: 1, style: .key)
    let part = EditorView.visible(
      editor, columns: canvas.columns - start - 1, repertoire: model.setup.repertoire)
    canvas.put(part.text, row: row, column: start, style: .field)
    canvas.cursor = Canvas.Position(
      row: row, column: max(0, min(start + part.cursor, canvas.columns - 1)))
  }

  /// An arrow under the column that is wrong, and the sentence after it.
  private static func drawFilterError(
    _ error: ControlError.Body, _ editor: LineEditor, _ model: Model, row: Int,
    into canvas: inout Canvas
  ) {
    canvas.fill(row: row, columns: 0..<canvas.columns)
    let prompt = 1 + DisplayWidth.of("filter: ")
    let arrow = prompt + FilterErrorText.shift(of: error, in: editor.text, model)
    let sentence = FilterErrorText.sentence(error, in: model)
    if arrow + 2 + DisplayWidth.of(sentence) <= canvas.columns {
      canvas.put("^ " + sentence, row: row, column: arrow, style: .danger)
    } else {
      let limit = max(arrow - 2, 0)
      if DisplayWidth.of(sentence) <= limit {
        canvas.put(
          sentence, row: row, column: arrow - 1 - DisplayWidth.of(sentence), style: .danger)
        canvas.put("^", row: row, column: arrow, style: .danger)
      } else {
        canvas.put(sentence, row: row, column: 1, style: .danger)
      }
    }
  }
}
