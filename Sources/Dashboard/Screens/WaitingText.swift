/// What is shown before the first picture.
enum WaitingText {
  /// The lines.
  static func lines(of model: Model) -> [StyledText] {
    let target = model.shown(model.setup.target)
    switch model.connection {
    case .connecting(let since):
      return [
        StyledText("connecting to \(target)"),
        StyledText("for \(HumanText.duration(model.now - since))", .dim),
      ]
    case .connected:
      return [StyledText("connected to \(target), waiting for the first picture")]
    case .lost(let since, let reason):
      return [
        StyledText("no connection to \(target)", .danger),
        StyledText(model.shown(reason)),
        StyledText("trying again for \(HumanText.duration(model.now - since))", .dim),
      ]
    }
  }
}
