import ControlProtocol

/// What happened in the engine: acts with who did them and how, limits, problems.
enum LogText {
  /// The heading.
  static func heading(of model: Model) -> StyledText {
    StyledText("TIME     KIND     WHAT HAPPENED, BY WHOM", .heading)
  }

  /// A line an event, oldest first, and a line for the command of an act.
  static func lines(of model: Model) -> [StyledText] {
    if model.picture.events.isEmpty { return [StyledText("nothing has happened yet", .dim)] }
    return model.picture.events.flatMap { event -> [StyledText] in
      var line = StyledText(
        HumanText.timeOfDay(event.at, model.setup.localTime) + " ", .dim)
      line.append(
        DisplayWidth.padded(event.kind.rawValue, to: 8) + " ",
        event.kind == .problem ? .danger : .accent)
      line.append(model.shown(event.message))
      if let actor = event.actor { line.append("  by " + model.shown(actor), .dim) }
      guard let command = event.command else { return [line] }
      return [line, StyledText("                  $ " + model.shown(command), .dim)]
    }
  }
}
