/// A cursor in a list of which a part is visible.
package struct ListPosition: Equatable, Sendable {
  /// The index of the row under the cursor.
  package var cursor = 0
  /// The index of the first visible row.
  package var top = 0

  /// A position at the start.
  package init() {}

  /// Moves the cursor, and scrolls to it.
  package mutating func move(_ motion: Action.Motion, count: Int, visible: Int) {
    let page = max(visible, 1)
    switch motion {
    case .up: cursor -= 1
    case .down: cursor += 1
    case .pageUp: cursor -= page
    case .pageDown: cursor += page
    case .halfPageUp: cursor -= max(page / 2, 1)
    case .halfPageDown: cursor += max(page / 2, 1)
    case .top: cursor = 0
    case .bottom: cursor = count - 1
    }
    settle(count: count, visible: visible)
  }

  /// Scrolls text without a cursor.
  package mutating func scroll(_ motion: Action.Motion, count: Int, visible: Int) {
    cursor = top
    move(motion, count: count, visible: visible)
    top = motion == .bottom ? count - visible : cursor
    settleText(count: count, visible: visible)
  }

  /// Clamps the cursor to the list, and scrolls to it.
  package mutating func settle(count: Int, visible: Int) {
    let rows = max(visible, 1)
    cursor = min(max(cursor, 0), max(count - 1, 0))
    top = min(max(top, cursor - rows + 1), cursor)
    top = min(max(top, 0), max(count - rows, 0))
  }

  /// Clamps the visible part of text without a cursor to the text.
  package mutating func settleText(count: Int, visible: Int) {
    top = min(max(top, 0), max(count - max(visible, 1), 0))
    cursor = top
  }
}
