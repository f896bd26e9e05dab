import ControlProtocol

extension LogScreen {
  package func extent(in context: ScreenContext) -> ListExtent? {
    ListExtent(top: position.top, visible: Layout(context).bodyRows, count: lineCount)
  }

  package func draw(into canvas: inout Canvas, _ layout: Layout, in context: ScreenContext) {
    TextView.draw(
      lines(in: context), heading: StyledText("TIME     KIND     WHAT HAPPENED, BY WHOM", .heading),
      top: position.top, sought: context.sought, layout, into: &canvas)
  }

  /// The lines: one for an event, oldest first, and one for the command of an act.
  func lines(in context: ScreenContext) -> [StyledText] {
    if events.isEmpty { return [StyledText("nothing has happened yet", .dim)] }
    return events.flatMap { event -> [StyledText] in
      var line = StyledText(HumanText.timeOfDay(event.at, context.setup.localTime) + " ", .dim)
      line.append(
        DisplayWidth.padded(event.kind.rawValue, to: 8) + " ",
        event.kind == .problem ? .danger : .accent)
      line.append(context.shown(event.message))
      if let actor = event.actor { line.append("  by " + context.shown(actor), .dim) }
      guard let command = event.command else { return [line] }
      return [line, StyledText("                  $ " + context.shown(command), .dim)]
    }
  }

  /// The number of lines.
  var lineCount: Int {
    events.isEmpty ? 1 : events.reduce(0) { $0 + ($1.command == nil ? 1 : 2) }
  }
}
