import ControlProtocol

extension ScreenContext {
  /// Arranges the table as it was saved.
  package mutating func restore(_ saved: SavedTable) {
    table.columns = saved.columns
    table.sort = saved.sort
    table.isDescending = saved.isDescending
  }

  /// How the table is arranged now.
  var arrangement: SavedTable {
    var saved = SavedTable()
    saved.columns = table.columns
    saved.sort = table.sort
    saved.isDescending = table.isDescending
    return saved
  }

  /// Takes an action that changes what the table shows of its sessions.
  mutating func changeRates() {
    table.columns.rates = table.columns.rates.cycled(by: 1)
    switch table.columns.rates {
    case .totals: note("totals since each session was opened", .done)
    case .both: note("rates of the last second beside the totals", .done)
    case .rates: note("rates of the last second in place of the totals", .done)
    }
  }

  /// Opens the dialog that chooses columns.
  mutating func openColumns() {
    dialog = .columns(ColumnForm(table.columns))
  }

  /// Takes an action in that dialog.
  mutating func performInColumns(_ action: Action, _ old: ColumnForm) -> [Effect] {
    var form = old
    let visible = ColumnPicker.visibleRows(in: self)
    switch action {
    case .cancel, .back:
      table.columns = form.original
      dialog = nil
      return []
    case .accept:
      dialog = nil
      return [.save(arrangement)]
    case .move(let motion):
      form.position.move(motion, count: form.entries.count, visible: visible)
    case .mark: form.toggle()
    case .shiftLeft: form.shift(by: -1, visible: visible)
    case .shiftRight: form.shift(by: 1, visible: visible)
    case .reset: form.reset()
    default: break
    }
    dialog = .columns(form)
    table.columns = form.choice
    return []
  }

  /// The arrangement was saved, or could not be.
  mutating func saved(_ path: String, failure: String?) {
    if let failure {
      note("not saved: \(shown(failure))", .failed)
    } else {
      note("saved in \(shown(path))", .done)
    }
  }

  /// Shows everything in the next theme.
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
