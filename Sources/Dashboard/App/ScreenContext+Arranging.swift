import ControlProtocol

extension ScreenContext {
  /// Shows whether the arrangement was saved.
  mutating func saved(_ path: String, failure: String?) {
    if let failure {
      note("not saved: \(shown(failure))", .failed)
    } else {
      note("saved in \(shown(path))", .done)
    }
  }

  /// Changes to the next theme.
  mutating func changeTheme() -> [Effect] {
    appearance.theme = appearance.theme.cycled(by: 1)
    let name = appearance.theme.rawValue
    note("theme \(name); to keep it: theme = \(name) in console.conf", .done)
    return [.appear(appearance)]
  }

  /// Leaves the mouse to the terminal, or takes it again.
  mutating func changeMouse() -> [Effect] {
    appearance.usesMouse.toggle()
    note(
      appearance.usesMouse
        ? "the mouse is the console's again"
        : "the mouse is the terminal's: it selects text; \(keyLabel(.mouse)) takes it back", .done)
    return [.appear(appearance)]
  }
}
