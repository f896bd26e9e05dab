import ControlProtocol
import Vocabulary

/// The line of the running acts.
enum ProgressView {
  /// Draws the progress of the newest act, and the key that aborts it.
  static func draw(_ context: ScreenContext, _ layout: Layout, into canvas: inout Canvas) {
    guard let row = layout.progressRow, let act = context.acts.running.last else { return }
    canvas.put(line(act, context, columns: canvas.columns - 2), row: row, column: 1)
  }

  private static func line(_ act: ActStatus, _ context: ScreenContext, columns: Int) -> StyledText {
    var line = StyledText(bar(act) + " ", .live)
    line.append(ActSummary.progress(act), .accent)
    let others = context.acts.running.count - 1
    if others > 0 { line.append("  and \(ScreenContext.count(others, "act")) more", .dim) }
    if let key = context.setup.keys.label(of: .abortAct, in: context.keyContext) {
      line.append("  \(key)", .key)
      line.append(" ends it", .dim)
    }
    if let filter = act.filter { line.append("  \(context.shown(filter))", .dim) }
    return line.fitted(to: max(columns, 0))
  }

  /// A bar of ten characters, one filled for each tenth done.
  private static func bar(_ act: ActStatus) -> String {
    let share = act.count > 0 ? Double(act.doneCount) / Double(act.count) : 1
    let done = Int(min(max(share, 0), 1) * 10)
    return String(repeating: "█", count: done) + String(repeating: "▁", count: 10 - done)
  }
}
