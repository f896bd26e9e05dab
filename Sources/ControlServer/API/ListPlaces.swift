/// The places for lists that are being made: memory is taken for few at a time, and short ones do
/// not wait for long ones.
///
/// Confined to the control reactor.
final class ListPlaces {
  /// The most rows of a short list.
  static let maximumShortRowCount = 200
  /// How many long lists are made at once.
  private static let maximumLongCount = 2
  /// How many short lists are made at once.
  private static let maximumShortCount = 8

  /// One list's place.
  ///
  /// Confined to the control reactor.
  final class Place {
    private let isLong: Bool
    private var places: ListPlaces?

    fileprivate init(_ places: ListPlaces, isLong: Bool) {
      self.places = places
      self.isLong = isLong
    }

    deinit { leave() }

    /// Gives the place to the list that has waited longest; further calls do nothing.
    func leave() {
      places?.leave(isLong: isLong)
      places = nil
    }
  }

  private struct Waiting {
    var number: Int
    var isLong: Bool
    var task: CheckedContinuation<Bool, Never>
  }

  private let context: ControlContext
  private var freeCounts = (long: maximumLongCount, short: maximumShortCount)
  private var waiting: [Waiting] = []
  private var lastNumber = 0

  /// All places, free.
  init(_ context: ControlContext) {
    self.context = context
  }

  /// Waits for a place; nil if the task is cancelled before there is one.
  func enter(rowCount: Int?) async -> Place? {
    let isLong = rowCount.map { $0 > Self.maximumShortRowCount } ?? true
    if Task.isCancelled { return nil }
    if take(isLong: isLong) { return Place(self, isLong: isLong) }
    lastNumber += 1
    let number = lastNumber
    let hasPlace = await withTaskCancellationHandler {
      await withCheckedContinuation { task in
        waiting.append(Waiting(number: number, isLong: isLong, task: task))
      }
    } onCancel: { [context] in
      // Tasks are cancelled on any thread.
      context.post { $0.api.lists.giveUp(number) }
    }
    return hasPlace ? Place(self, isLong: isLong) : nil
  }

  private func take(isLong: Bool) -> Bool {
    let count = isLong ? \ListPlaces.freeCounts.long : \.freeCounts.short
    guard self[keyPath: count] > 0 else { return false }
    self[keyPath: count] -= 1
    return true
  }

  private func leave(isLong: Bool) {
    if let next = waiting.firstIndex(where: { $0.isLong == isLong }) {
      return waiting.remove(at: next).task.resume(returning: true)
    }
    if isLong { freeCounts.long += 1 } else { freeCounts.short += 1 }
  }

  private func giveUp(_ number: Int) {
    if let index = waiting.firstIndex(where: { $0.number == number }) {
      waiting.remove(at: index).task.resume(returning: false)
    }
  }
}

@available(*, unavailable)
extension ListPlaces: Sendable {}

@available(*, unavailable)
extension ListPlaces.Place: Sendable {}
