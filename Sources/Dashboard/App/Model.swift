package import ControlProtocol

/// All that the console knows: a value, changed by `update` and read by `draw`.
package struct Model: Sendable {
  /// What screens, pages and dialogs share.
  package var context: ScreenContext
  /// What each screen has to itself.
  package var screens = ScreenStates()

  /// A console that is not connected yet.
  package init(setup: Setup, columns: Int, rows: Int, now: Double) {
    context = ScreenContext(setup: setup, columns: columns, rows: rows, now: now)
  }

  /// What the console looks at.
  package var watch: WatchRequest {
    var request = context.watch
    screens[context.screen].wish(in: context, to: &request)
    return request
  }

  /// Arranges the table of sessions as it was saved.
  package mutating func restore(_ saved: SavedTable) {
    screens[SessionsScreen.self].arrangement = saved
  }
}
