package import ControlProtocol
import EventLoop
import GRDB
import Vocabulary

/// The history in a file, read without an engine; an engine may write to it meanwhile.
package final class HistoryFile {
  /// The failure to read a file.
  package struct Failure: Error, CustomStringConvertible {
    /// The sentence; not escaped for display.
    package let description: String
  }

  private let path: String
  private var database: HistoryDatabase

  /// Opens a file.
  package init(path: String) throws(Failure) {
    self.path = path
    do {
      database = try HistoryDatabase(reading: path)
    } catch {
      throw Failure(description: HistoryStorage.sentence(error, about: path))
    }
  }

  /// A page of it.
  package func page(_ query: HistoryQuery) throws(Failure) -> HistoryPage {
    do {
      let page = try database.page(query, now: SystemClock.secondsSince1970(), store: .disk)
      guard try database.isOutdated() else { return page }
      // An engine has begun to write: the page may be of two states of the file.
      database = try HistoryDatabase(reading: path)
      return try database.page(query, now: SystemClock.secondsSince1970(), store: .disk)
    } catch {
      throw Failure(description: HistoryStorage.sentence(error))
    }
  }
}

@available(*, unavailable)
extension HistoryFile: Sendable {}
