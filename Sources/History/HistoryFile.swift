package import ControlProtocol
import EventLoop
import GRDB
import Vocabulary

/// The history in a file, read without an engine; one that writes to it may run meanwhile.
package final class HistoryFile {
  /// Why a file cannot be read.
  package struct Failure: Error, CustomStringConvertible {
    /// The sentence; not escaped for display.
    package let description: String
  }

  private let database: HistoryDatabase

  /// Opens a file.
  package init(path: String) throws(Failure) {
    do {
      database = try HistoryDatabase(reading: path)
    } catch {
      throw Failure(description: "\(path): \(HistoryCellar.sentence(error))")
    }
  }

  /// A page of it.
  package func page(_ query: HistoryQuery) throws(Failure) -> HistoryPage {
    do {
      return try database.page(query, now: SystemClock.secondsSince1970(), store: .disk)
    } catch {
      throw Failure(description: HistoryCellar.sentence(error))
    }
  }
}

@available(*, unavailable)
extension HistoryFile: Sendable {}
