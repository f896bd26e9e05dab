package import ControlProtocol

/// The action of a key: exactly one in each context.
package enum Action: Hashable, Sendable {
  /// Moves the cursor or the text.
  case move(Motion)
  /// Opens the help.
  case help
  /// Goes back from the page, or leaves the program from a screen.
  case back
  /// Clears the filter, else goes back from the page; never leaves the program.
  case cancel
  /// Leaves the program.
  case quit
  /// Repaints the terminal.
  case redraw
  /// Stops the program until the shell continues it.
  case suspend
  /// Shows a screen.
  case show(Screen)
  /// Shows the next screen.
  case nextScreen
  /// Shows the previous screen.
  case previousScreen
  /// Opens the command line.
  case command
  /// Opens the filter line.
  case filter
  /// Inverts the filter.
  case invertFilter
  /// Opens the list of columns to sort by.
  case pickSort
  /// Sorts by the next column.
  case nextSort
  /// Sorts by the previous column.
  case previousSort
  /// Reverses the order.
  case reverseSort
  /// Marks or unmarks the row.
  case mark
  /// Unmarks all rows.
  case clearMarks
  /// Opens the row or cell under the cursor.
  case open
  /// Opens the dialog that sends a message.
  case send
  /// Opens the dialog that closes sessions.
  case close
  /// Keeps the row under the cursor in sight as the order changes.
  case follow
  /// Pauses or resumes the display.
  case pause
  /// Lengthens the interval of snapshots.
  case slower
  /// Shortens the interval of snapshots.
  case faster
  /// Selects live sessions, closed ones, or all.
  case cycleSelection
  /// Moves to the column on the left.
  case previousColumn
  /// Moves to the column on the right.
  case nextColumn
  /// Counts over the next interval, or since the engine started.
  case cycleInterval
  /// Unsets a limit.
  case unset
  /// Aborts the running act.
  case abortAct
  /// Chooses the next target of the dialog.
  case nextSubjects
  /// Completes the word before the cursor, or goes to the next candidate.
  case complete
  /// Goes to the previous candidate.
  case completeBackward
  /// Shows the previous or next command of the history.
  case recall(older: Bool)
  /// Shows a longer span of time.
  case longerSpan
  /// Shows a shorter span of time.
  case shorterSpan
  /// Keeps a limit that would revert.
  case keep
  /// Shows only the limits that are set, or all.
  case showSet
  /// Opens the tap of the session.
  case tap
  /// Opens the tap of the sessions that match the filter.
  case tapMatching
  /// Switches between rooms and routes.
  case otherGroups
  /// Shows payloads in the next view.
  case payloadView
  /// Shows the next choice of directions.
  case tapDirection
  /// Shows the next choice of kinds.
  case tapKinds
  /// Opens a line at the foot of the tap.
  case tapField(TapField)
  /// Goes to the next match.
  case findNext
  /// Goes to the previous match.
  case findPrevious
  /// Empties the list of the tap.
  case clear
  /// Goes to the next field, or presses the focused button.
  case accept
  /// Goes to the next field.
  case nextField
  /// Goes to the previous field.
  case previousField
  /// Steps to the greater or next value of the field.
  case stepUp
  /// Steps to the lesser or previous value of the field.
  case stepDown
  /// Answers yes, where a button has the focus.
  case yes
  /// Answers no, where a button has the focus.
  case no
  /// Edits the text of a field.
  case edit(Edit)
  /// Opens the dialog that chooses columns.
  case columns
  /// Steps from totals to totals with rates, to rates alone, and back.
  case rates
  /// Saves the arrangement of the table.
  case save
  /// Changes to the next theme.
  case theme
  /// Takes the mouse, or leaves it to the terminal.
  case mouse
  /// Moves a column to the left.
  case shiftLeft
  /// Moves a column to the right.
  case shiftRight
  /// Goes back to the defaults.
  case reset
  /// Opens the line in which a search is typed.
  case find
  /// Opens the list of fields to group sessions by.
  case group
  /// Groups sessions by a field.
  case groupBy(SessionGrouping)
  /// Shows single sessions.
  case ungroup
  /// Steps to a picture of the past, or back towards the present.
  case stepTime(TimeStep)
  /// Opens the list of what can be copied.
  case copy
  /// Copies the command of the dialog, or the last that was shown.
  case copyCommand
  /// Chooses what is copied.
  case copyValue(Copied)

  /// Steps in time: by a picture, or by a minute.
  package enum TimeStep: Hashable, Sendable {
    case back, forward, farBack, farForward
  }

  /// The values that can be copied.
  package enum Copied: Hashable, Sendable {
    case id, address, command
  }

  /// Whether it is of no use in a console that may only look: it acts on sessions or limits, chooses
  /// sessions for that, or shows messages.
  package var isForOperators: Bool {
    switch self {
    case .send, .close, .abortAct, .mark, .clearMarks, .unset, .keep, .tap, .tapMatching: true
    default: false
    }
  }

  /// Ways to move.
  package enum Motion: Hashable, Sendable {
    case up, down, pageUp, pageDown, halfPageUp, halfPageDown, top, bottom
  }

  /// Ways to change the text of a field.
  package enum Edit: Hashable, Sendable {
    case left, right, start, end, deleteBackward, deleteForward, deleteWord, deleteAll
  }
}
