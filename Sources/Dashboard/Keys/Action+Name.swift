extension Action {
  /// The actions whose keys a file may change, with their names in that file.
  package static let named: [(name: String, action: Action)] =
    [
      ("open", .open), ("send", .send), ("close", .close), ("mark", .mark),
      ("unmark-all", .clearMarks), ("unset", .unset),
      ("filter", .filter), ("invert-filter", .invertFilter), ("sort", .pickSort),
      ("next-sort", .nextSort), ("previous-sort", .previousSort), ("reverse-sort", .reverseSort),
      ("columns", .columns), ("tap", .tap), ("tap-matching", .tapMatching),
      ("rooms-or-routes", .otherGroups), ("rates", .rates), ("follow", .follow), ("pause", .pause),
      ("slower", .slower), ("faster", .faster), ("save", .save), ("theme", .theme),
      ("mouse", .mouse), ("command", .command), ("show-closed", .cycleSelection),
      ("interval", .cycleInterval), ("previous-column", .previousColumn),
      ("next-column", .nextColumn), ("abort-act", .abortAct), ("longer-span", .longerSpan),
      ("shorter-span", .shorterSpan), ("keep-limit", .keep), ("show-set-limits", .showSet),
      ("up", .move(.up)), ("down", .move(.down)), ("page-up", .move(.pageUp)),
      ("page-down", .move(.pageDown)), ("half-page-up", .move(.halfPageUp)),
      ("half-page-down", .move(.halfPageDown)), ("top", .move(.top)), ("bottom", .move(.bottom)),
      ("find", .find), ("find-next", .findNext), ("find-previous", .findPrevious),
      ("help", .help), ("back", .back), ("redraw", .redraw),
      ("group", .group), ("earlier", .stepTime(.back)), ("later", .stepTime(.forward)),
      ("minute-earlier", .stepTime(.farBack)), ("minute-later", .stepTime(.farForward)),
      ("copy", .copy), ("copy-command", .copyCommand),
    ] + Screen.allCases.map { ("screen-" + $0.title.lowercased(), .show($0)) }

  /// The name of an action whose keys can be changed; nil for the others.
  package var name: String? { Self.named.first { $0.action == self }?.name }

  /// The action of a name.
  package init?(name: String) {
    guard let action = Self.named.first(where: { $0.name == name })?.action else { return nil }
    self = action
  }
}

extension Key {
  private static let labelled: [Key] = [
    .character(" "), .up, .down, .left, .right, .home, .end, .pageUp, .pageDown, .insert, .delete,
    .backspace, .enter, .escape, .tab, .backTab,
  ]

  /// The key of a name, as the footer and the help show it; nil if it is invalid.
  package init?(label: String) {
    if let key = Self.labelled.first(where: { $0.label == label }) {
      self = key
    } else if label.count == 1, let character = label.first, !character.isWhitespace {
      self = .character(character)
    } else if label.first == "^", label.count == 2, let letter = label.last,
      ("A"..."Z").contains(letter), letter != "M", letter != "I", letter != "J"
    {
      // ^M, ^J and ^I are Enter and Tab, which terminals cannot tell apart.
      self = .control(Character(letter.lowercased()))
    } else if label.first == "F", let number = Int(label.dropFirst()), (1...24).contains(number) {
      self = .function(number)
    } else {
      return nil
    }
  }
}
