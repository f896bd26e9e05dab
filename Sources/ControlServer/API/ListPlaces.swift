/// The places for lists that are being made: memory is taken for few at a time, and short ones do
/// not wait for long ones.
///
/// Confined to the control reactor.
final class ListPlaces {
  /// The most bytes of answers that clients have yet to take while a further list is begun.
  static let maximumUnreadByteCount = 96 << 20
  /// The most rows of a short list.
  static let maximumShortRowCount = 200
  /// How many long lists are made at once.
  private static let maximumLongCount = 2
  /// How many short lists are made at once.
  private static let maximumShortCount = 8

  private struct Places {
    var freeCount: Int
    var waiting: [CheckedContinuation<Void, Never>] = []
  }

  private var long = Places(freeCount: maximumLongCount)
  private var short = Places(freeCount: maximumShortCount)

  /// Waits for a place; `leave` follows.
  func enter(isLong: Bool) async {
    let kind = isLong ? \ListPlaces.long : \.short
    guard self[keyPath: kind].freeCount == 0 else {
      self[keyPath: kind].freeCount -= 1
      return
    }
    await withCheckedContinuation { self[keyPath: kind].waiting.append($0) }
  }

  /// Gives a place to whoever has waited longest.
  func leave(isLong: Bool) {
    let kind = isLong ? \ListPlaces.long : \.short
    guard !self[keyPath: kind].waiting.isEmpty else {
      self[keyPath: kind].freeCount += 1
      return
    }
    self[keyPath: kind].waiting.removeFirst().resume()
  }
}

@available(*, unavailable)
extension ListPlaces: Sendable {}
