import ControlProtocol
import Vocabulary

extension ScreenContext {
  /// The request for entries that the history screen lacks, if there are such.
  ///
  /// The newest are asked for again when the engine has stored more and the cursor stands at the
  /// top, at most once for each picture; older ones when the cursor comes near the last.
  mutating func askForHistory() -> [Effect] {
    guard screen == .history, connection.isConnected, history.awaited == nil,
      let statistics = picture.statistics
    else { return [] }
    let cursor = positions[.history]?.cursor ?? 0
    let stored = statistics.history?.stored ?? 0
    let isNews =
      history.storedCount.map { stored != $0 && cursor == 0 && !pacing.isPaused && pages.isEmpty }
      ?? true
    var query = HistoryQuery(
      filter: history.filter, kinds: history.kinds.wanted, limit: HistoryTable.pageCount)
    if isNews {
      history.storedCount = stored
    } else {
      let isNearEnd = cursor + rows >= history.entries.count
      guard let next = history.next, isNearEnd,
        history.entries.count < HistoryTable.maximumCount
      else { return [] }
      query.cursor = next
    }
    let tag = pending.nextTag
    pending.nextTag += 1
    history.awaited = HistoryTable.Awaited(tag: tag, isFirst: isNews)
    return [.request(tag: tag, .history(query))]
  }

  /// Takes a reply, if it is a page that was asked for.
  mutating func takeHistory(_ reply: ControlReply, tag: Int) -> Bool {
    guard let awaited = history.awaited, awaited.tag == tag else {
      // One that was asked for before something else was looked at.
      if case .history = reply { return true }
      return false
    }
    history.awaited = nil
    switch reply {
    case .history(let page):
      if awaited.isFirst { history.entries = [] }
      history.entries += page.entries.prefix(
        HistoryTable.maximumCount - min(history.entries.count, HistoryTable.maximumCount))
      history.next = page.next
      history.store = page.store
      history.error = nil
    case .refused(_, let error):
      history.error = error
      history.next = nil
    default: break
    }
    return true
  }

  /// Opens the page of the entry under the cursor.
  mutating func openHistoryEntry() {
    let cursor = positions[.history]?.cursor ?? 0
    guard history.entries.indices.contains(cursor) else { return }
    pages.append(.entry(history.entries[cursor], ListPosition()))
  }

  /// Uses the filter that was typed, unless it is none: then the line stays open and says why.
  mutating func acceptHistoryFilter(_ old: FilterLine) {
    let text = old.editor.text
    do throws(FilterError) {
      _ = try SessionFilter(text)
      dialog = nil
      positions[.history] = ListPosition()
      history.look(for: text)
    } catch {
      var line = old
      line.error = ControlError(error).error
      dialog = .filter(line)
    }
  }
}
