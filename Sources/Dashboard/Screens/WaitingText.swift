/// The text before the first snapshot.
enum WaitingText {
  /// The lines.
  static func lines(of context: ScreenContext) -> [StyledText] {
    let target = context.shown(context.setup.target)
    switch context.connection {
    case .connecting(let since):
      return [
        StyledText("connecting to \(target)"),
        StyledText("for \(HumanText.duration(context.now - since))", .dim),
      ]
    case .connected:
      return [StyledText("connected to \(target), waiting for the first picture")]
    case .lost(let since, let reason):
      return [
        StyledText("no connection to \(target)", .danger),
        StyledText(context.shown(reason)),
        StyledText("trying again for \(HumanText.duration(context.now - since))", .dim),
      ]
    }
  }
}
