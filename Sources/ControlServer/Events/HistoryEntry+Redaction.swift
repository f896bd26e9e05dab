internal import ControlProtocol
internal import Vocabulary

extension HistoryEntry {
  /// The entry as it is shown: the file may have entries of a run that redacted less.
  func redacted(by redaction: Redaction) -> HistoryEntry {
    var entry = self
    entry.query = query.map { redaction.query($0) }
    entry.subprotocol = subprotocol.map { redaction.subprotocol($0) }
    guard let row = session else { return entry }
    entry.session?.path = redaction.path(row.path)
    entry.session?.query = row.query.map { redaction.query($0) }
    entry.session?.subprotocol = row.subprotocol.map { redaction.subprotocol($0) }
    entry.session?.userAgent = row.userAgent.map {
      redaction.value($0, ofHeader: "User-Agent")
    }
    return entry
  }
}
