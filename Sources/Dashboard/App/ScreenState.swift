package import ControlProtocol

/// A screen: its state, its part of the watch, its keys and clicks, and its drawing.
///
/// It is a value that the console keeps while other screens are shown. State that it shares with
/// others is in the `ScreenContext` that each call is given.
package protocol ScreenState: Sendable {
  /// The title on the tab.
  static var title: String { get }

  /// The digit that shows the screen.
  static var digit: Character { get }

  /// The screen at the start.
  init()

  /// Adds the screen's part of the watch while it is shown.
  func wish(in context: ScreenContext, to request: inout WatchRequest)

  /// Whether a snapshot answers this watch, and not the one before; asked while the display is
  /// paused and one snapshot is let through.
  func isAnswered(by snapshot: Snapshot, to wish: WatchRequest) -> Bool

  /// Publishes the shared part of its state, after every event.
  mutating func share(with context: inout ScreenContext)

  /// Notes the state before an event, for `settle`.
  mutating func prepare(in context: ScreenContext)

  /// Takes its part of a snapshot, whether the screen is shown or not; the context still has the
  /// one before.
  mutating func take(_ snapshot: Snapshot, in context: inout ScreenContext)

  /// Takes its part of a snapshot also while the display is paused.
  mutating func takeNews(of snapshot: Snapshot, in context: ScreenContext)

  /// Does what can wait, as the console's clock ticks: no person waits for it then, as for the
  /// answer to a key.
  mutating func tick()

  /// Drops all state of the engine's old run: the engine was started anew.
  mutating func forgetRun()

  /// Notes that the connection stands, for the first time or again.
  mutating func connect()

  /// Notes that there is no connection any more.
  mutating func disconnect()

  /// The requests that the screen makes by itself; asked after every event while it is shown.
  mutating func ask(in context: inout ScreenContext) -> [Effect]

  /// Takes a reply; false if the request was not the screen's own.
  mutating func take(_ reply: ControlReply, tag: Int) -> Bool

  /// Performs an action, while no page and no dialog is on top.
  mutating func perform(_ action: Action, in context: inout ScreenContext) -> Reaction

  /// Performs an action in the line or list that the screen has opened as a dialog.
  mutating func performInDialog(_ action: Action, in context: inout ScreenContext) -> [Effect]

  /// Takes a change of the text in such a line.
  mutating func draftChanged(in context: inout ScreenContext)

  /// Handles a click on a target that `draw` has added.
  mutating func click(_ target: Target, in context: inout ScreenContext) -> Reaction

  /// Clamps the cursor and the visible part to the content; after every event while the screen is
  /// shown.
  mutating func settle(in context: ScreenContext)

  /// The same after every event while another screen is shown.
  mutating func settleHidden(in context: ScreenContext)

  /// The screen's text for scrolling and search, and its first visible line; nil: it has none.
  func text(in context: ScreenContext) -> (lines: [StyledText], top: Int)?

  /// Makes a line of that text the first visible one.
  mutating func scroll(to line: Int)

  /// Whether a key has an effect now; the footer leaves it out otherwise.
  func offers(_ action: Action, in context: ScreenContext) -> Bool

  /// The arrangement of the content, at the right of the tabs; may be empty.
  func arrangement(columns: Int, in context: ScreenContext) -> StyledText

  /// The visible part of its list, for the end of the footer; nil: it has none.
  func extent(in context: ScreenContext) -> ListExtent?

  /// The screen's part of the footer, at its right, whether the screen is shown or not.
  func status(in context: ScreenContext, _ layout: Layout) -> StyledText

  /// Draws the screen into its part of the canvas, with its targets for clicks.
  func draw(into canvas: inout Canvas, _ layout: Layout, in context: ScreenContext)
}

extension ScreenState {
  package func wish(in context: ScreenContext, to request: inout WatchRequest) {}

  package func isAnswered(by snapshot: Snapshot, to wish: WatchRequest) -> Bool { true }

  package mutating func share(with context: inout ScreenContext) {}

  package mutating func prepare(in context: ScreenContext) {}

  package mutating func take(_ snapshot: Snapshot, in context: inout ScreenContext) {}

  package mutating func takeNews(of snapshot: Snapshot, in context: ScreenContext) {}

  package mutating func tick() {}

  package mutating func forgetRun() {}

  package mutating func connect() {}

  package mutating func disconnect() {}

  package mutating func ask(in context: inout ScreenContext) -> [Effect] { [] }

  package mutating func take(_ reply: ControlReply, tag: Int) -> Bool { false }

  package mutating func performInDialog(
    _ action: Action, in context: inout ScreenContext
  ) -> [Effect] {
    // `dialog` was left open by another screen.
    context.dialog = nil
    return []
  }

  package mutating func draftChanged(in context: inout ScreenContext) {}

  package func text(in context: ScreenContext) -> (lines: [StyledText], top: Int)? { nil }

  package mutating func scroll(to line: Int) {}

  package mutating func click(_ target: Target, in context: inout ScreenContext) -> Reaction {
    .ignored
  }

  package mutating func settle(in context: ScreenContext) {}

  package mutating func settleHidden(in context: ScreenContext) {}

  package func offers(_ action: Action, in context: ScreenContext) -> Bool { true }

  package func arrangement(columns: Int, in context: ScreenContext) -> StyledText { StyledText() }

  package func extent(in context: ScreenContext) -> ListExtent? { nil }

  package func status(in context: ScreenContext, _ layout: Layout) -> StyledText { StyledText() }
}
