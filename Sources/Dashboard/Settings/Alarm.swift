package import ControlProtocol

/// A threshold of `console.conf` that the overview watches: `alarm = backlog>1MiB` over the live
/// sessions, or `alarm = closes.1009/s>1` over the engine.
package struct Alarm: Equatable, Sendable {
  /// The most alarms of a file.
  static let maximumCount = 8

  /// The condition of an alarm.
  package enum Condition: Equatable, Sendable {
    /// It is on while a live session matches.
    case sessions(SessionFilter)
    /// It is on while a number of the engine is over an amount, or under it.
    case engine(EngineNumber, isOver: Bool, Double)
  }

  /// Why a text is no alarm, and what would be right; safe to show.
  struct Fault: Error, Equatable {
    var text: String
  }

  /// The condition as it stands in the file.
  package let text: String
  /// The condition.
  package let condition: Condition

  /// The alarm of a text.
  init(_ text: String) throws(Fault) {
    self.text = text
    if let engine = try Self.engine(text) {
      condition = engine
      return
    }
    let filter: SessionFilter
    do throws(FilterError) {
      filter = try SessionFilter(text)
    } catch {
      throw Fault(
        text: "\(error.message); of the engine as a whole there are "
          + EngineNumber.all.map(\.name).joined(separator: " "))
    }
    guard !filter.isEmpty else {
      throw Fault(text: "an alarm wants a condition, such as: alarm = backlog>1MiB")
    }
    if let key = filter.keyOfClosed {
      throw Fault(text: "\(key) is of sessions that are closed, and an alarm looks at live ones")
    }
    condition = .sessions(filter)
  }

  /// The condition of a number of the engine; nil if the text names none.
  private static func engine(_ text: String) throws(Fault) -> Condition? {
    guard let place = text.firstIndex(where: { "<>".contains($0) }),
      let number = EngineNumber(text[..<place])
    else { return nil }
    guard let amount = number.amount(String(text[text.index(after: place)...])) else {
      throw Fault(text: "\(number.name) wants an amount, such as: alarm = \(number.example)")
    }
    return .engine(number, isOver: text[place] == ">", amount)
  }
}
