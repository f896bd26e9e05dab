import Testing

@testable import WebSocketEngine

@Suite("What a session may cause in one turn")
struct TurnBudgetTests {
  /// How many times something may be done before the turn is over.
  private func count(_ body: (inout TurnBudget) -> Bool) -> Int {
    var budget = TurnBudget()
    budget.begin()
    var count = 1
    while body(&budget), count < 1_000_000 { count += 1 }
    return count
  }

  // Upper bounds alone: a busy machine may end a turn sooner, by the clock.
  @Test("So many empty messages")
  func messages() {
    #expect(count { $0.handled(messageOf: 0) } <= TurnBudget.unitCount / 4)
  }

  @Test("So many bytes, however few messages bring them", arguments: [1 << 10, 64 << 10, 1 << 20])
  func bytes(_ byteCount: Int) {
    #expect(count { $0.handled(messageOf: byteCount) } <= (1 << 20) / byteCount)
  }

  @Test("So many deliveries of broadcasts", arguments: [1, 100, 10_000])
  func deliveries(_ memberCount: Int) {
    let count = count { budget in
      budget.delivered(to: memberCount)
      return budget.handled(messageOf: 1)
    }
    #expect(count <= TurnBudget.unitCount / (memberCount + 4) + 1)
  }

  @Test("Late in a turn of many a sixteenth is left for each")
  func late() {
    var budget = TurnBudget()
    budget.begin(isLate: true)
    var count = 1
    while budget.handled(messageOf: 0) { count += 1 }
    #expect(count <= TurnBudget.unitCount / 16 / 4)
  }

  @Test("Each turn begins with all of it")
  func begin() {
    var budget = TurnBudget()
    budget.begin()
    budget.delivered(to: 1_000_000)
    let isOver = !budget.handled(messageOf: 0)
    budget.begin()
    let goesOn = budget.handled(messageOf: 0)
    #expect(isOver && goesOn)
  }
}
