import ControlProtocol

/// The one table of keys, from which dispatch, footer and help are derived.
package enum KeyTable {
  /// All rows, in the order of the footer and the help.
  package static let bindings: [KeyBinding] =
    acting + grouping + tapping + arranging + copying + screens + forms + editing + moving + leaving

  private static let acting = [
    KeyBinding(
      .open, [.enter, .character("d")], "show all that is known of the session",
      hint: "details", on: [.sessions]),
    KeyBinding(
      .open, [.enter], "change the limit: you are shown old and new, and asked",
      hint: "change", on: [.limits]),
    KeyBinding(
      .open, [.enter, .character("d")], "show all that is kept of the entry", hint: "details",
      on: [.history]),
    KeyBinding(
      .open, [.enter], "list the sessions behind the count", hint: "sessions", on: [.closes]),
    KeyBinding(
      .cycleInterval, [.character("r")], "count the last minute, ten minutes, hour, or all",
      hint: "interval", on: [.closes, .overview]),
    KeyBinding(.previousColumn, [.left], "to the column at the left", on: [.closes]),
    KeyBinding(.nextColumn, [.right], "to the column at the right", on: [.closes]),
    KeyBinding(
      .unset, [.character("u")], "take the setting away, so that the wider one holds",
      hint: "unset", on: [.limits]),
    KeyBinding(
      .longerSpan, [.right, .character("w")], "show a longer span of time", hint: "longer",
      on: [.traffic]),
    KeyBinding(
      .shorterSpan, [.left, .character("W")], "show a shorter span of time", hint: "shorter",
      on: [.traffic]),
    KeyBinding(
      .move(.down), [.down, .character("j")], "sizes and round trips of the next route",
      hint: "route", on: [.traffic]),
    KeyBinding(
      .move(.up), [.up, .character("k")], "sizes and round trips of the route before",
      on: [.traffic]),
    KeyBinding(
      .keep, [.character("K")], "keep a limit that would revert by itself", hint: "keep",
      on: [.limits]),
    KeyBinding(
      .showSet, [.character("a")], "show only the limits that somebody has set, or all",
      hint: "all/set", on: [.limits]),
    KeyBinding(
      .send, [.character("m")], "send a message to the session, or to the marked ones",
      hint: "send", on: [.sessions], in: [.details]),
    KeyBinding(
      .close, [.character("X"), .function(9)],
      "close the session, or the marked ones; you are asked first",
      hint: "close", on: [.sessions], in: [.details]),
    KeyBinding(
      .tap, [.character("t")], "show the messages of the session as they pass", hint: "tap",
      on: [.sessions], in: [.details]),
    KeyBinding(
      .tapMatching, [.character("T")], "show the messages of all sessions that match the filter",
      on: [.sessions]),
  ]

  private static let grouping = [
    KeyBinding(
      .open, [.enter, .character("d")], "show the sessions of the room or route",
      hint: "sessions", on: [.rooms]),
    KeyBinding(
      .otherGroups, [.character("v")], "show routes instead of rooms, or rooms again",
      hint: "rooms/routes", on: [.rooms]),
    KeyBinding(
      .send, [.character("m")], "send a message to all sessions in the room or route",
      hint: "send", on: [.rooms]),
    KeyBinding(
      .close, [.character("X"), .function(9)],
      "close all sessions in it; you are shown how many, and asked",
      hint: "close", on: [.rooms]),
    KeyBinding(
      .tap, [.character("t")], "show the messages of all sessions in it as they pass",
      hint: "tap", on: [.rooms]),
    KeyBinding(
      .filter, [.character("/"), .function(4)], "show those whose names contain a text",
      hint: "name", on: [.rooms]),
    KeyBinding(
      .nextSort, [.function(6), .character(">"), .character("o")],
      "sort rooms or routes by the next column", hint: "sort", on: [.rooms]),
    KeyBinding(
      .previousSort, [.character("<")], "sort rooms or routes by the column before",
      on: [.rooms]),
    KeyBinding(
      .reverseSort, [.character("I")], "reverse the order of rooms or routes", on: [.rooms]),
  ]

  private static let tapping = [
    KeyBinding(
      .open, [.enter, .character("d")],
      "show the whole payload under the cursor, or the list again",
      hint: "payload", in: [.tap]),
    KeyBinding(
      .payloadView, [.character("v")], "payloads as text, as JSON laid out, or in hexadecimal",
      hint: "view", in: [.tap]),
    KeyBinding(
      .tapField(.search), [.character("/")], "search what was shown, whatever the case",
      hint: "search", in: [.tap]),
    KeyBinding(.findNext, [.character("n")], "go to the next match", in: [.tap]),
    KeyBinding(.findPrevious, [.character("N")], "go to the match before", in: [.tap]),
    KeyBinding(
      .pause, [.character("Z")], "hold the list still, or let it run again", hint: "pause",
      in: [.tap]),
    KeyBinding(
      .tapDirection, [.character("i")], "show both directions, only in, only out",
      hint: "in/out", in: [.tap]),
    KeyBinding(
      .tapKinds, [.character("y")], "show all kinds, only text, only binary, only control frames",
      hint: "kinds", in: [.tap]),
    KeyBinding(
      .tapField(.text), [.character("f")], "show only messages with a text, or without it: !text",
      hint: "text", in: [.tap]),
    KeyBinding(
      .tapField(.sizes), [.character("s")], "show only messages of some sizes", hint: "size",
      in: [.tap]),
    KeyBinding(.clear, [.character("C")], "forget what was shown", in: [.tap]),
  ]

  /// The screens and pages whose text can be searched.
  static let searched: Set<KeyContext> = [.screen(.log), .details, .entry, .help]

  private static let arranging = [
    KeyBinding(
      .filter, [.character("/"), .function(4)],
      "show sessions that match, as route=/ws/chat* idle>5m !tls", hint: "filter",
      on: [.sessions]),
    KeyBinding(
      .mark, [.character(" ")], "mark the session, or take its mark away", hint: "mark",
      on: [.sessions]),
    KeyBinding(.clearMarks, [.character("U")], "take all marks away", on: [.sessions]),
    KeyBinding(
      .find, [.character("/"), .function(4)], "search the text", hint: "search",
      in: searched),
    KeyBinding(
      .findNext, [.character("n")], "to the next line that has what is sought",
      in: searched),
    KeyBinding(
      .findPrevious, [.character("N")], "to the line before that has it", in: searched
    ),
    KeyBinding(
      .invertFilter, [.character("\\")], "turn a filter of one term into its opposite",
      on: [.sessions]),
    KeyBinding(
      .pickSort, [.function(6)], "choose the column to sort by", hint: "sort", on: [.sessions]),
    KeyBinding(
      .nextSort, [.character(">"), .character("o")], "sort by the next column", on: [.sessions]),
    KeyBinding(
      .previousSort, [.character("<")], "sort by the column before", on: [.sessions]),
    KeyBinding(.reverseSort, [.character("I")], "reverse the order", on: [.sessions]),
    KeyBinding(
      .rates, [.character("r")], "totals, rates of the last second beside them, rates alone",
      hint: "rates", on: [.sessions]),
    KeyBinding(
      .columns, [.function(2), .character("S")], "choose the columns, and their order",
      hint: "columns", on: [.sessions]),
    KeyBinding(
      .group, [.character("b")], "group sessions by route, address block, tag or user agent",
      hint: "group", on: [.sessions]),
    KeyBinding(
      .stepTime(.back), [.character("[")], "show the table as it was a second earlier",
      hint: "earlier", on: [.sessions]),
    KeyBinding(
      .stepTime(.forward), [.character("]")], "a second later; behind the newest: now",
      hint: "later", on: [.sessions]),
    KeyBinding(
      .stepTime(.farBack), [.character("{")], "a minute earlier", on: [.sessions]),
    KeyBinding(
      .stepTime(.farForward), [.character("}")], "a minute later, or now", on: [.sessions]),
    KeyBinding(
      .save, [.control("s")], "save columns, order and sorting for the next time",
      on: [.sessions]),
    KeyBinding(
      .cycleSelection, [.character("a")], "show live sessions, those closed lately, or all",
      on: [.sessions]),
    KeyBinding(
      .filter, [.character("/"), .function(4)], "show closed sessions that match, as code=1009",
      hint: "filter", on: [.history]),
    KeyBinding(
      .cycleSelection, [.character("a")], "show all entries, sessions, acts, or the engine's own",
      hint: "kinds", on: [.history]),
    KeyBinding(
      .follow, [.character("F")], "let the table move with the row under the cursor",
      on: [.sessions]),
    KeyBinding(
      .pause, [.character("Z")], "hold the picture still, or let it run again",
      in: KeyContext.screens.union([.details])),
    KeyBinding(
      .slower, [.character("+")], "longer between two pictures",
      in: KeyContext.screens.union([.details])),
    KeyBinding(
      .faster, [.character("-")], "shorter between two pictures",
      in: KeyContext.screens.union([.details])),
    KeyBinding(
      .theme, [.control("t")], "the next theme: dark, light, mono, contrast",
      in: KeyContext.screens.union([.details])),
    KeyBinding(
      .mouse, [.character("M")], "leave the mouse to the terminal, or take it again",
      in: KeyContext.screens.union([.details])),
    KeyBinding(
      .abortAct, [.character("A")], "end the act that goes on; the rest are left alone",
      in: KeyContext.screens.union([.details])),
  ]

  private static let copying = [
    KeyBinding(
      .copy, [.character("y")],
      "copy a session's id or address, or the last command",
      in: KeyContext.screens.union([.details, .entry])),
    KeyBinding(
      .copyCommand, [.control("y")], "copy the command of the dialog, or the last that was shown",
      in: KeyContext.commanded.union(KeyContext.forms)),
    KeyBinding(
      .copyValue(.id), [.character("i"), .character("y")], "copy the id", in: [.copyPicker]),
    KeyBinding(.copyValue(.address), [.character("a")], "copy the address", in: [.copyPicker]),
    KeyBinding(.copyValue(.command), [.character("c")], "copy the command", in: [.copyPicker]),
  ]

  private static let screens =
    Screen.allCases.map { screen in
      KeyBinding(
        .show(screen), [.character(screen.digit)], "show the screen \(screen.title)",
        in: KeyContext.commanded)
    } + [
      KeyBinding(.nextScreen, [.tab], "show the next screen", in: KeyContext.commanded),
      KeyBinding(.previousScreen, [.backTab], "show the screen before", in: KeyContext.commanded),
      KeyBinding(
        .command, [.character(":")], "type a command, as in a shell; q there quits",
        in: KeyContext.commanded),
    ]

  private static let forms = [
    KeyBinding(
      .accept, [.enter], "go on: to the next field, or do what the button says", hint: "go on",
      in: KeyContext.forms),
    KeyBinding(.accept, [.enter], "use what was typed", hint: "use", in: KeyContext.lines),
    KeyBinding(.accept, [.enter], "sort by the column", hint: "sort", in: [.sortPicker]),
    KeyBinding(.accept, [.enter], "copy what the cursor is on", hint: "copy", in: [.copyPicker]),
    KeyBinding(.accept, [.enter], "group by the field", hint: "group", in: [.groupPicker]),
    KeyBinding(.groupBy(.route), [.character("r")], "group by route", in: [.groupPicker]),
    KeyBinding(
      .groupBy(.address), [.character("a")], "group by address: /24 of IPv4, /64 of IPv6",
      in: [.groupPicker]),
    KeyBinding(.groupBy(.tag), [.character("t")], "group by tag", in: [.groupPicker]),
    KeyBinding(.groupBy(.userAgent), [.character("u")], "group by user agent", in: [.groupPicker]),
    KeyBinding(
      .ungroup, [.character("b"), .character("n")], "show single sessions again",
      in: [.groupPicker]),
    KeyBinding(
      .accept, [.enter], "use these columns, and save them", hint: "use", in: [.columnDialog]),
    KeyBinding(
      .mark, [.character(" ")], "show the column, or leave it out", hint: "show",
      in: [.columnDialog]),
    KeyBinding(
      .shiftLeft, [.character("<"), .left, .function(7), .character("K")],
      "move the column to the left", hint: "left", in: [.columnDialog]),
    KeyBinding(
      .shiftRight, [.character(">"), .right, .function(8), .character("J")],
      "move the column to the right", hint: "right", in: [.columnDialog]),
    KeyBinding(
      .reset, [.character("R")], "the columns that the program comes with", hint: "reset",
      in: [.columnDialog]),
    KeyBinding(
      .nextSubjects, [.control("t")],
      "for the row or the marks, or for all that the filter matches",
      hint: "whom", in: [.closeDialog, .sendDialog]),
    KeyBinding(
      .complete, [.tab], "complete the word; again: the next that fits", hint: "complete",
      in: [.filterLine, .commandLine]),
    KeyBinding(
      .completeBackward, [.backTab], "the completion before", in: [.filterLine, .commandLine]),
    KeyBinding(
      .recall(older: true), [.up, .control("p")], "the command typed before", hint: "before",
      in: [.commandLine]),
    KeyBinding(
      .recall(older: false), [.down, .control("n")], "the command typed after",
      in: [.commandLine]),
    KeyBinding(
      .nextField, [.tab], "go to the next field; on a close code, step to the next one",
      hint: "next", in: KeyContext.forms),
    KeyBinding(
      .previousField, [.backTab], "go to the field before; on a close code, step back",
      in: KeyContext.forms),
    KeyBinding(
      .stepUp, [.up], "step to the greater value, or go to the field before", hint: "greater",
      in: KeyContext.forms),
    KeyBinding(
      .stepDown, [.down], "step to the lesser value, or go to the next field", hint: "lesser",
      in: KeyContext.forms),
    KeyBinding(.yes, [.character("y"), .character("Y")], "yes, on a button", in: KeyContext.forms),
    KeyBinding(.no, [.character("n"), .character("N")], "no, on a button", in: KeyContext.forms),
  ]

  private static let texts = KeyContext.forms.union(KeyContext.lines)

  private static let editing = [
    KeyBinding(
      .edit(.left), [.left], "one character left, or the other button or value", in: texts),
    KeyBinding(
      .edit(.right), [.right], "one character right, or the other button or value", in: texts),
    KeyBinding(.edit(.start), [.home, .control("a")], "to the start of the text", in: texts),
    KeyBinding(.edit(.end), [.end, .control("e")], "to the end of the text", in: texts),
    KeyBinding(
      .edit(.deleteBackward), [.backspace], "delete the character before",
      in: texts.union(KeyContext.menus)),
    KeyBinding(
      .edit(.deleteForward), [.delete], "delete the character under the cursor", in: texts),
    KeyBinding(.edit(.deleteWord), [.control("w")], "delete the word before", in: texts),
    KeyBinding(.edit(.deleteAll), [.control("u")], "delete the text", in: texts),
  ]

  /// The screens with a list or a text to scroll.
  private static let listed: Set<Screen> = [.sessions, .closes, .limits, .rooms, .log, .history]
  /// The contexts with a list or a text to scroll.
  private static let moved: Set<KeyContext> = Set(listed.map(KeyContext.screen)).union([
    .details, .entry, .tap, .help, .copyPicker, .groupPicker,
  ])

  private static let moving = [
    KeyBinding(.move(.up), [.up, .character("k")], "up", in: moved),
    KeyBinding(.move(.down), [.down, .character("j")], "down", in: moved),
    KeyBinding(.move(.pageUp), [.pageUp, .control("b")], "a page up", in: moved),
    KeyBinding(.move(.pageDown), [.pageDown, .control("f")], "a page down", in: moved),
    KeyBinding(.move(.halfPageUp), [.control("u")], "half a page up", in: moved),
    KeyBinding(.move(.halfPageDown), [.control("d")], "half a page down", in: moved),
    KeyBinding(.move(.top), [.home, .character("g")], "to the first", in: moved),
    KeyBinding(.move(.bottom), [.end, .character("G")], "to the last", in: moved),
    KeyBinding(.move(.up), [.up], "the entry above", in: KeyContext.menus),
    KeyBinding(
      .move(.down), [.down], "the entry below; letters go to the entry that has them",
      hint: "move", in: KeyContext.menus),
    KeyBinding(
      .move(.pageUp), [.pageUp, .control("b")], "a page up in the menu", in: KeyContext.menus),
    KeyBinding(
      .move(.pageDown), [.pageDown, .control("f")], "a page down in the menu",
      in: KeyContext.menus),
    KeyBinding(
      .move(.halfPageUp), [.control("u")], "half a page up in the menu", in: KeyContext.menus),
    KeyBinding(
      .move(.halfPageDown), [.control("d")], "half a page down in the menu",
      in: KeyContext.menus),
    KeyBinding(.move(.top), [.home], "the first entry", in: KeyContext.menus),
    KeyBinding(.move(.bottom), [.end], "the last entry", in: KeyContext.menus),
  ]

  private static let leaving = [
    KeyBinding(
      .help, [.character("?"), .function(1), .character("h")], "show the keys", hint: "help",
      in: KeyContext.screens.union([.details, .entry, .tap])),
    KeyBinding(
      .back, [.character("q"), .function(10)], "back, and at the top out; the engine runs on",
      hint: "quit", in: KeyContext.screens),
    KeyBinding(
      .back, [.character("q")], "back", hint: "back",
      in: [.details, .entry, .tap, .help, .copyPicker, .groupPicker]),
    KeyBinding(
      .cancel, [.escape], "clear the filter, else back to the sessions; never out",
      in: KeyContext.screens),
    KeyBinding(.cancel, [.escape], "back", in: [.details, .entry, .tap, .help]),
    KeyBinding(
      .cancel, [.escape], "leave without doing anything", hint: "cancel",
      in: KeyContext.everywhere.subtracting(KeyContext.commanded)),
    KeyBinding(.redraw, [.control("l")], "paint the screen anew", in: KeyContext.everywhere),
    KeyBinding(
      .suspend, [.control("z")], "stop the program until the shell continues it",
      in: KeyContext.everywhere),
    KeyBinding(
      .quit, [.control("c")], "out of the program; the engine runs on", in: KeyContext.everywhere),
  ]
}
