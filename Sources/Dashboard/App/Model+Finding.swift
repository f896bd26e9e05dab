extension Model {
  /// Performs a search action on the topmost text, if that can be searched.
  mutating func performInSearch(_ action: Action) -> Reaction {
    guard context.dialog == nil, KeyTable.searched.contains(context.keyContext) else {
      return .ignored
    }
    switch action {
    case .find: context.dialog = .find(LineEditor(maximumByteCount: 256))
    case .findNext, .findPrevious: find(forward: action == .findNext)
    case .cancel where !context.sought.isEmpty: context.forgetSearch()
    default: return .ignored
    }
    return .handled([])
  }

  /// Performs an action in the search line.
  mutating func performInFind(_ action: Action, _ old: LineEditor) {
    var editor = old
    switch action {
    case .cancel: context.dialog = nil
    case .accept:
      context.dialog = nil
      context.sought = editor.text
      find(forward: true, fromHere: true)
    case .edit(let edit):
      editor.perform(edit)
      context.dialog = .find(editor)
    default: break
    }
  }

  /// Scrolls to the next line that contains `sought`, wrapped around at the ends.
  private mutating func find(forward: Bool, fromHere: Bool = false) {
    let sought = context.sought
    guard !sought.isEmpty else {
      context.note(
        "nothing is sought: \(context.keyLabel(.find)) begins a search", .warning)
      return
    }
    let (lines, top) = text ?? ([], 0)
    // `foundLine` remembers the last match, since the last lines cannot be scrolled to the top.
    let current = context.foundLine.map { lines.indices.contains($0) ? $0 : top } ?? top
    let matches = lines.indices.filter { lines[$0].contains(sought) }
    let next =
      forward
      ? matches.first { fromHere ? $0 >= top : $0 > current } ?? matches.first
      : matches.last { $0 < current } ?? matches.last
    guard let next else {
      context.foundLine = nil
      context.note("\(context.shown(sought)) is not there", .warning)
      return
    }
    context.foundLine = next
    let place = (matches.firstIndex(of: next) ?? 0) + 1
    context.note("\(context.shown(sought)): \(place) of \(matches.count)", .done)
    scroll(to: next)
  }

  /// The topmost text and its first visible line; nil: there is none.
  private var text: (lines: [StyledText], top: Int)? {
    guard let page = context.pages.last else {
      return screens[context.screen].text(in: context)
    }
    return page.position.map { (context.textLines(of: page), $0.top) }
  }

  private mutating func scroll(to line: Int) {
    guard let last = context.pages.indices.last else {
      screens[context.screen].scroll(to: line)
      return
    }
    context.pages[last].position?.top = line
  }
}
