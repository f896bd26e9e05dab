import ControlProtocol

extension ScreenContext {
  /// Whether the console may only look: by its own flag, or by its role at the engine.
  package var isReadOnly: Bool { setup.isReadOnly || latest.role == .view }

  /// Shows that the console is read-only, or shows the past; true if it does.
  mutating func refuseReadOnly() -> Bool {
    if refusePast() { return true }
    guard isReadOnly else { return false }
    note(
      setup.isReadOnly
        ? "read-only: the console was started with --read-only, nothing was done"
        : "read-only: your token has the role view, nothing was done", .warning)
    return true
  }
}
