import ControlProtocol

/// What happened in the engine: acts with who did them and how, limits, problems.
enum LogText {
  /// The heading.
  static func heading(of context: ScreenContext) -> StyledText {
    StyledText("TIME     KIND     WHAT HAPPENED, BY WHOM", .heading)
  }

  /// A line an event, oldest first, and a line for the command of an act.
  static func lines(of context: ScreenContext) -> [StyledText] {
    if context.picture.events.isEmpty { return [StyledText("nothing has happened yet", .dim)] }
    return context.picture.events.flatMap { event -> [StyledText] in
      var line = StyledText(
        HumanText.timeOfDay(event.at, context.setup.localTime) + " ", .dim)
      line.append(
        DisplayWidth.padded(event.kind.rawValue, to: 8) + " ",
        event.kind == .problem ? .danger : .accent)
      line.append(context.shown(event.message))
      if let actor = event.actor { line.append("  by " + context.shown(actor), .dim) }
      guard let command = event.command else { return [line] }
      return [line, StyledText("                  $ " + context.shown(command), .dim)]
    }
  }
}
