/// What a key does; each has exactly one meaning, wherever it is available.
package enum Action: Hashable, Sendable {
  /// Moves the cursor or the text.
  case move(Motion)
  /// Opens the help.
  case help
  /// Leaves the page, or the program at the top.
  case back
  /// Clears the filter, else leaves the page; never the program.
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
  /// Shows the screen before.
  case previousScreen
  /// Opens the command line.
  case command
  /// Opens the filter line.
  case filter
  /// Turns the filter into its opposite.
  case invertFilter
  /// Opens the list of columns to sort by.
  case pickSort
  /// Sorts by the next column.
  case nextSort
  /// Sorts by the column before.
  case previousSort
  /// Reverses the order.
  case reverseSort
  /// Marks the row, or takes its mark away.
  case mark
  /// Takes all marks away.
  case clearMarks
  /// Opens what is under the cursor.
  case open
  /// Opens the dialog that sends a message.
  case send
  /// Opens the dialog that closes sessions.
  case close
  /// Lets the table move with the row under the cursor.
  case follow
  /// Holds the picture still.
  case pause
  /// Longer between two pictures.
  case slower
  /// Shorter between two pictures.
  case faster
  /// Shows other sessions: live ones, closed ones, or all.
  case cycleSelection
  /// Moves to the column at the left.
  case previousColumn
  /// Moves to the column at the right.
  case nextColumn
  /// Counts over another interval, or since the engine started.
  case cycleInterval
  /// Takes a limit's setting away.
  case unset
  /// Ends the act that goes on.
  case abortAct
  /// Goes on to other sessions that the dialog could be about.
  case nextSubjects
  /// Completes what is typed, or goes to the next completion.
  case complete
  /// Goes to the completion before.
  case completeBackward
  /// Shows the command that was typed before, or the one after.
  case recall(older: Bool)
  /// Shows a longer span of time.
  case longerSpan
  /// Shows a shorter span of time.
  case shorterSpan
  /// Keeps a limit that would revert by itself.
  case keep
  /// Shows only the limits that are set, or all.
  case showSet
  /// Opens the tap of the session.
  case tap
  /// Opens the tap of the sessions that match the filter.
  case tapMatching
  /// Shows routes instead of rooms, or rooms instead of routes.
  case otherGroups
  /// Shows payloads in the next form.
  case payloadView
  /// Shows the next choice of directions.
  case tapDirection
  /// Shows the next choice of kinds.
  case tapKinds
  /// Opens a line at the foot of the tap.
  case tapField(TapField)
  /// Goes to the next match.
  case findNext
  /// Goes to the match before.
  case findPrevious
  /// Forgets what was shown.
  case clear
  /// Goes on: to the next field, or does what the button says.
  case accept
  /// Goes to the next field.
  case nextField
  /// Goes to the field before.
  case previousField
  /// Steps to the greater or next value of the field.
  case stepUp
  /// Steps to the lesser or previous value of the field.
  case stepDown
  /// Answers yes, where a button has the focus.
  case yes
  /// Answers no, where a button has the focus.
  case no
  /// Changes the text of a field.
  case edit(Edit)
  /// Opens the dialog that chooses columns.
  case columns
  /// Goes from totals to rates beside them, to rates alone, and back.
  case rates
  /// Saves how the table is arranged.
  case save
  /// Shows everything in the next theme.
  case theme
  /// Takes the mouse, or leaves it to the terminal.
  case mouse
  /// Moves a column to the left.
  case shiftLeft
  /// Moves a column to the right.
  case shiftRight
  /// Goes back to what the program comes with.
  case reset
  /// Opens the line in which a search is typed.
  case find

  /// Ways to move.
  package enum Motion: Hashable, Sendable {
    case up, down, pageUp, pageDown, halfPageUp, halfPageDown, top, bottom
  }

  /// Ways to change the text of a field.
  package enum Edit: Hashable, Sendable {
    case left, right, start, end, deleteBackward, deleteForward, deleteWord, deleteAll
  }
}
