import Synchronization

/// A number that threads tell each other, without an order among it and anything else.
final class RelaxedCount: Sendable {
  private let value = Atomic<Int>(0)

  /// The number now.
  func load() -> Int { value.load(ordering: .relaxed) }

  /// Tells another number.
  func store(_ number: Int) { value.store(number, ordering: .relaxed) }

  /// Adds to the number.
  func add(_ difference: Int) { value.wrappingAdd(difference, ordering: .relaxed) }

  /// Takes the number, and leaves nothing.
  func take() -> Int { value.exchange(0, ordering: .relaxed) }
}
