extension ScreenContext {
  /// The places whose text can be searched.
  static let searched: Set<Place> = [.log, .details, .entry, .help]

  /// Takes an action on the text that is on top, if it can be searched.
  mutating func performInSearch(_ action: Action) -> Reaction {
    guard dialog == nil, Self.searched.contains(place) else { return .ignored }
    switch action {
    case .find: dialog = .find(LineEditor(maximumByteCount: 256))
    case .findNext, .findPrevious: find(forward: action == .findNext)
    case .cancel where !sought.isEmpty: forgetSearch()
    default: return .ignored
    }
    return .handled([])
  }

  /// Takes an action in the line in which a search is typed.
  mutating func performInFind(_ action: Action, _ old: LineEditor) {
    var editor = old
    switch action {
    case .cancel: dialog = nil
    case .accept:
      dialog = nil
      sought = editor.text
      find(forward: true, fromHere: true)
    case .edit(let edit):
      editor.perform(edit)
      dialog = .find(editor)
    default: break
    }
  }

  /// Scrolls to the next line that has what is sought, around the end.
  mutating func find(forward: Bool, fromHere: Bool = false) {
    guard !sought.isEmpty else {
      note("nothing is sought: \(keyLabel(.find)) begins a search", .warning)
      return
    }
    let lines = textLines(at: place)
    let top = textPosition?.top ?? 0
    // The last lines cannot be scrolled to the top: what is found last is remembered by its line.
    let current = foundLine.map { lines.indices.contains($0) ? $0 : top } ?? top
    let matches = lines.indices.filter { Self.has(lines[$0], sought) }
    let next =
      forward
      ? matches.first { fromHere ? $0 >= top : $0 > current } ?? matches.first
      : matches.last { $0 < current } ?? matches.last
    guard let next else {
      foundLine = nil
      note("\(shown(sought)) is not there", .warning)
      return
    }
    foundLine = next
    let place = (matches.firstIndex(of: next) ?? 0) + 1
    note("\(shown(sought)): \(place) of \(matches.count)", .done)
    scroll(to: next)
  }

  /// Forgets what was sought.
  mutating func forgetSearch() {
    sought = ""
    foundLine = nil
  }

  /// Whether a line has a text, in whatever case.
  static func has(_ line: StyledText, _ sought: String) -> Bool {
    guard !sought.isEmpty else { return false }
    let text = line.runs.map(\.text).joined().lowercased()
    return text.contains(sought.lowercased())
  }

  private var textPosition: ListPosition? {
    switch pages.last {
    case .details(let page): page.position
    case .help(_, let position): position
    case .entry(_, let position): position
    case .text(_, _, let position): position
    case .tap: nil
    case nil: positions[screen]
    }
  }

  private mutating func scroll(to line: Int) {
    switch pages.last {
    case .details(var page):
      page.position.top = line
      pages[pages.count - 1] = .details(page)
    case .help(let place, var position):
      position.top = line
      pages[pages.count - 1] = .help(of: place, position)
    case .entry(let entry, var position):
      position.top = line
      pages[pages.count - 1] = .entry(entry, position)
    case .text(let title, let lines, var position):
      position.top = line
      pages[pages.count - 1] = .text(title, lines, position)
    case .tap: break
    case nil: positions[screen, default: ListPosition()].top = line
    }
  }
}
