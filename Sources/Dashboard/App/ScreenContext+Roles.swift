import ControlProtocol

extension ScreenContext {
  /// Whether nothing but looking is allowed: by the console's own flag, or by the engine.
  package var isReadOnly: Bool { setup.isReadOnly || picture.role == .view }

  /// Says why nothing can be done, if it cannot; true then.
  mutating func refuseReadOnly() -> Bool {
    guard isReadOnly else { return false }
    note(
      setup.isReadOnly
        ? "read-only: the console was started with --read-only, nothing was done"
        : "read-only: your token has the role view, nothing was done", .warning)
    return true
  }
}
