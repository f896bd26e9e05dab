package import ControlProtocol

/// A screen: all that it remembers, what it wants of the engine, what keys and clicks do to it, and
/// how it looks.
///
/// It is a value that the console keeps while other screens are shown. What it shares with the
/// others is in the `ScreenContext` that it is lent for each call.
package protocol ScreenState: Sendable {
  /// The title on the tab.
  static var title: String { get }

  /// The digit that shows the screen.
  static var digit: Character { get }

  /// The screen at the start.
  init()

  /// Adds what the screen wants of the engine while it is shown.
  func wish(in context: ScreenContext, to request: inout WatchRequest)

  /// Whether a snapshot answers what was wished for, and not what was looked at before; asked while
  /// the picture is held still and one is let through.
  func isAnswered(by snapshot: Snapshot, to wish: WatchRequest) -> Bool

  /// Tells the others what they may know of the screen, after every event.
  func share(with context: inout ScreenContext)

  /// Notes what `settle` wants to know of how things stood before an event.
  mutating func prepare(in context: ScreenContext)

  /// Takes its part of a snapshot, whether the screen is shown or not; the context still has what
  /// was before.
  mutating func take(_ snapshot: Snapshot, in context: inout ScreenContext)

  /// Takes what is told of also while the picture is held still.
  mutating func takeNews(of snapshot: Snapshot, in context: ScreenContext)

  /// The engine was started anew: what the screen knows of the old run is gone.
  mutating func forgetRun()

  /// The connection stands, for the first time or again.
  mutating func connect()

  /// There is no connection any more.
  mutating func disconnect()

  /// The requests that the screen makes by itself; asked after every event while it is shown.
  mutating func ask(in context: inout ScreenContext) -> [Effect]

  /// Takes a reply; false if it is to no request of the screen's own.
  mutating func take(_ reply: ControlReply, tag: Int) -> Bool

  /// Takes an action, while no page and no dialog is on top.
  mutating func perform(_ action: Action, in context: inout ScreenContext) -> Reaction

  /// Takes an action in the line or list that the screen has opened as a dialog.
  mutating func performInDialog(_ action: Action, in context: inout ScreenContext) -> [Effect]

  /// What is typed in such a line has changed.
  mutating func draftChanged(in context: inout ScreenContext)

  /// Takes a click on something that `draw` has named.
  mutating func click(_ target: Target, in context: inout ScreenContext) -> Reaction

  /// Keeps the cursor and the visible part inside of what there is to see; after every event while
  /// the screen is shown.
  mutating func settle(in context: ScreenContext)

  /// The same after every event while another screen is shown.
  mutating func settleHidden(in context: ScreenContext)

  /// The text that the screen scrolls and that can be searched, and its first visible line; nil: it
  /// shows none.
  func text(in context: ScreenContext) -> (lines: [StyledText], top: Int)?

  /// Makes a line of that text the first visible one.
  mutating func scroll(to line: Int)

  /// Whether a key would do something now; the footer leaves out one that would not.
  func offers(_ action: Action, in context: ScreenContext) -> Bool

  /// How what is shown is arranged, at the right of the tabs; empty where there is nothing to say.
  func arrangement(columns: Int, in context: ScreenContext) -> StyledText

  /// What the footer says of the screen at its right, whether it is shown or not.
  func status(in context: ScreenContext, _ layout: Layout) -> StyledText

  /// Draws the screen into its part of the canvas, and says what can be clicked there.
  func draw(into canvas: inout Canvas, _ layout: Layout, in context: ScreenContext)
}

extension ScreenState {
  package func wish(in context: ScreenContext, to request: inout WatchRequest) {}

  package func isAnswered(by snapshot: Snapshot, to wish: WatchRequest) -> Bool { true }

  package func share(with context: inout ScreenContext) {}

  package mutating func prepare(in context: ScreenContext) {}

  package mutating func take(_ snapshot: Snapshot, in context: inout ScreenContext) {}

  package mutating func takeNews(of snapshot: Snapshot, in context: ScreenContext) {}

  package mutating func forgetRun() {}

  package mutating func connect() {}

  package mutating func disconnect() {}

  package mutating func ask(in context: inout ScreenContext) -> [Effect] { [] }

  package mutating func take(_ reply: ControlReply, tag: Int) -> Bool { false }

  package mutating func performInDialog(
    _ action: Action, in context: inout ScreenContext
  ) -> [Effect] {
    // Another screen has left it open.
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

  package func status(in context: ScreenContext, _ layout: Layout) -> StyledText { StyledText() }
}
