import ControlProtocol

extension ScreenContext {
  /// Clamps the scroll position of the topmost page to its text.
  mutating func settlePage() {
    let layout = Layout(self)
    guard let last = pages.indices.last else { return }
    let count = textLines(of: pages[last]).count
    if case .tap = pages[last] {
      let rows = TapPage.listRows(of: layout.bodyRows)
      changeTap { page in
        page.scrollback.settle(visible: rows)
        page.zoom?.settleText(count: count, visible: layout.bodyRows)
      }
    } else {
      pages[last].position?.settleText(count: count, visible: layout.bodyRows)
    }
  }

  /// The text of a page; of a tap only while a payload takes the whole page.
  func textLines(of page: Page) -> [StyledText] {
    switch page {
    case .details(let page): DetailsText.lines(of: page, in: self)
    case .entry(let entry, _): HistoryEntryText.lines(of: entry, in: self)
    case .tap(let page): page.zoom == nil ? [] : TapView.payloadLines(of: page, in: self)
    case .help(let context, _): HelpText.lines(for: context, setup.keys)
    case .text(_, let lines, _): lines.map { StyledText($0) }
    }
  }
}
