import ControlProtocol
import Vocabulary

/// The line of the acts that go on.
enum ProgressView {
  /// Draws how far the newest act has come, and how it is ended.
  static func draw(_ model: Model, _ layout: Layout, into canvas: inout Canvas) {
    guard let row = layout.progressRow, let act = model.acts.running.last else { return }
    canvas.put(line(act, model, columns: canvas.columns - 2), row: row, column: 1)
  }

  private static func line(_ act: ActStatus, _ model: Model, columns: Int) -> StyledText {
    var line = StyledText(bar(act) + " ", .live)
    line.append(ActSummary.progress(act), .accent)
    let others = model.acts.running.count - 1
    if others > 0 { line.append("  and \(Model.count(others, "act")) more", .dim) }
    if let key = model.setup.keys.label(of: .abortAct, at: model.place) {
      line.append("  \(key)", .key)
      line.append(" ends it", .dim)
    }
    if let filter = act.filter { line.append("  \(model.shown(filter))", .dim) }
    return line.fitted(to: max(columns, 0))
  }

  /// Ten places, of which as many are full as tenths are done.
  private static func bar(_ act: ActStatus) -> String {
    let share = act.count > 0 ? Double(act.doneCount) / Double(act.count) : 1
    let done = Int(min(max(share, 0), 1) * 10)
    return String(repeating: "█", count: done) + String(repeating: "▁", count: 10 - done)
  }
}
