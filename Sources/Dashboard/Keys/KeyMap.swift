/// The keys in force: the table's, changed by a file.
package struct KeyMap: Equatable, Sendable {
  /// The rows, in the order of the footer and the help.
  package private(set) var bindings: [KeyBinding]

  /// The keys of the table.
  package static let standard = KeyMap()

  /// The most keys of one action.
  package static let maximumKeyCount = 8

  /// The keys that a file cannot change, so that there is always a way out.
  package static let reserved: Set<Key> = [
    .escape, .control("c"), .control("z"), .enter, .tab, .backTab,
  ]

  /// A line of a file: the keys of an action, in place of all that it had.
  package struct Line: Equatable, Sendable {
    /// The number of the line, from 1.
    package var number: Int
    /// The action's name.
    package var name: String
    /// The action.
    package var action: Action
    /// Its keys; the first one is named in the footer.
    package var keys: [Key]
  }

  /// The keys of the table.
  package init() {
    bindings = KeyTable.bindings
  }

  /// The action of a key in a context.
  package func action(of key: Key, in context: KeyContext) -> Action? {
    bindings.first { $0.contexts.contains(context) && $0.keys.contains(key) }?.action
  }

  /// The rows that hold in a context, in the order of the footer.
  package func bindings(in context: KeyContext) -> [KeyBinding] {
    bindings.filter { $0.contexts.contains(context) }
  }

  /// Whether an action has a key in a context.
  package func has(_ action: Action, in context: KeyContext) -> Bool {
    bindings.contains { $0.action == action && $0.contexts.contains(context) }
  }

  /// The first key of an action in a context, else in any other; nil if it has none.
  package func label(of action: Action, in context: KeyContext) -> String? {
    let rows = bindings.filter { $0.action == action && !$0.keys.isEmpty }
    return (rows.first { $0.contexts.contains(context) } ?? rows.first)?.keys.first?.label
  }

  /// The map with other keys for some actions; a line that would give one key two meanings in one
  /// context is left out, with a problem.
  package func replacing(_ lines: [Line]) -> (map: KeyMap, problems: [SettingsProblem]) {
    var kept = lines
    var problems: [SettingsProblem] = []
    // Each round leaves a line out, so that there are no more rounds than lines.
    while true {
      var map = self
      for line in kept { map.replace(line) }
      guard let conflict = map.conflict(among: kept) else { return (map, problems) }
      problems.append(conflict.problem)
      kept.remove(at: conflict.index)
    }
  }

  private mutating func replace(_ line: Line) {
    for index in bindings.indices where bindings[index].isChanged(by: line) {
      // `reserved` keys stay.
      let fixed = bindings[index].keys.filter(Self.reserved.contains)
      bindings[index].keys = line.keys + fixed
    }
  }

  /// The last line whose key has another action in one of its contexts.
  private func conflict(among lines: [Line]) -> (index: Int, problem: SettingsProblem)? {
    for (index, line) in lines.enumerated().reversed() {
      for binding in bindings where binding.isChanged(by: line) {
        for context in KeyContext.allCases where binding.contexts.contains(context) {
          for key in line.keys {
            guard
              let other = bindings.first(where: {
                $0.action != line.action && $0.contexts.contains(context) && $0.keys.contains(key)
              })
            else { continue }
            let text =
              "\(key.label) would mean two things at \(context.title): \(line.name) and "
              + (other.action.name ?? other.help)
            return (index, SettingsProblem(line: line.number, text: text))
          }
        }
      }
    }
    return nil
  }
}

extension KeyBinding {
  /// Whether a line of a file gives it other keys.
  fileprivate func isChanged(by line: KeyMap.Line) -> Bool {
    action == line.action && name != nil
  }
}
