package import ControlProtocol

/// The console's whole state: a value, changed by `update` and read by `draw`.
package struct Model: Sendable {
  /// The state that screens, pages and dialogs share.
  package var context: ScreenContext
  /// The state of each screen.
  package var screens = ScreenStates()

  /// A console that is not connected yet.
  package init(setup: Setup, columns: Int, rows: Int, now: Double) {
    context = ScreenContext(setup: setup, columns: columns, rows: rows, now: now)
  }

  /// The watch that the shown screen needs.
  package var watch: WatchRequest {
    var request = context.watch
    screens[context.screen].wish(in: context, to: &request)
    return request
  }

  /// Arranges the table of sessions as saved.
  package mutating func restore(_ saved: SavedTable) {
    screens[SessionsScreen.self].arrangement = saved
  }
}
