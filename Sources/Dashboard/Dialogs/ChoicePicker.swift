import Vocabulary

/// A short list of choices, each with a key of its own.
package struct ChoicePicker: Equatable, Sendable {
  /// The question, as the title of the box.
  package let title: String
  /// The choices.
  package let choices: [Choice]
  /// The cursor.
  package var position = ListPosition()

  /// One of the choices.
  package struct Choice: Equatable, Sendable {
    /// The action whose key chooses it.
    package let action: Action
    /// Its name.
    package let name: String
    /// The text beside the name; not escaped for display.
    package var detail = ""
  }

  /// The result of an action in the list.
  package enum Step: Equatable, Sendable {
    /// The list stays open.
    case stay
    /// The list is closed, and nothing is chosen.
    case cancel
    /// The list is closed, and one is chosen.
    case choose(Choice)
  }

  /// A list with the cursor on one of its choices.
  package init(_ title: String, _ choices: [Choice], cursor: Int = 0) {
    self.title = title
    self.choices = choices
    position.cursor = cursor
  }

  /// Performs an action.
  package mutating func perform(_ action: Action, in context: ScreenContext) -> Step {
    switch action {
    case .cancel, .back: return .cancel
    case .accept:
      guard choices.indices.contains(position.cursor) else { return .cancel }
      return .choose(choices[position.cursor])
    case .move(let motion):
      position.move(motion, count: choices.count, visible: visibleRows(in: context))
      return .stay
    default:
      return choices.first { $0.action == action }.map(Step.choose) ?? .stay
    }
  }

  private func visibleRows(in context: ScreenContext) -> Int {
    max(1, min(choices.count, context.rows - 4))
  }

  /// Draws the list as a box.
  func draw(_ context: ScreenContext, into canvas: inout Canvas) {
    let nameWidth = choices.map { DisplayWidth.of($0.name) }.max() ?? 0
    let lines = choices.enumerated().map { index, choice in
      let isCursor = index == position.cursor
      let style: Style = isCursor ? .selection : .dialog
      var line = StyledText(isCursor ? "▸ " : "  ", style)
      line.append("\(context.keyLabel(choice.action))  ", isCursor ? .selection : .key)
      line.append(
        choice.detail.isEmpty ? choice.name : DisplayWidth.padded(choice.name, to: nameWidth),
        style)
      guard !choice.detail.isEmpty else { return line }
      let room = max(canvas.columns - line.width - 8, 0)
      line.append("  " + DisplayWidth.fitted(context.shown(choice.detail), to: room), style)
      return line
    }
    let place = DialogBox.draw(
      title: title, lines: lines, focus: position.cursor, into: &canvas)
    for row in 0..<place.count {
      canvas.add(
        .row(place.first + row), row: place.row + row,
        columns: place.column..<(place.column + place.columns))
    }
  }
}
