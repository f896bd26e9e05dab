import Synchronization

/// A number shared among threads, without an order among it and anything else.
final class RelaxedCount: Sendable {
  private let value = Atomic<Int>(0)

  /// The number now.
  func load() -> Int { value.load(ordering: .relaxed) }

  /// Replaces the number.
  func store(_ number: Int) { value.store(number, ordering: .relaxed) }

  /// Adds to the number.
  func add(_ difference: Int) { value.wrappingAdd(difference, ordering: .relaxed) }

  /// Takes the number, and leaves 0.
  func take() -> Int { value.exchange(0, ordering: .relaxed) }
}
