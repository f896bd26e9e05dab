import Testing
import Vocabulary

@testable import WebSocketEngine

@Suite("The table of a reactor's sessions")
struct SessionHashTableTests {
  private final class Owner: RecordOwner {
    let id: SessionID
    let record: Int

    init(_ sequence: UInt64, record: Int) {
      id = SessionID(sequence: sequence, reactor: 5)
      self.record = record
    }
  }

  @Test("An empty table finds nobody and removes nobody")
  func empty() {
    var table = SessionHashTable<Owner>()
    let owner = Owner(1, record: 0)
    #expect(table[owner.id] == nil)
    let isRemoved = table.remove(owner)
    #expect(!isRemoved)
    #expect(Array(table.values).isEmpty && table.count == 0)
  }

  @Test(
    "It agrees with a dictionary over a long coming and going", arguments: [1, 2, 3] as [UInt64])
  func churn(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    var table = SessionHashTable<Owner>()
    var model: [SessionID: Owner] = [:]
    var freeRecords = Array((0..<600).reversed())
    var gone: [Owner] = []
    for sequence in 1...20_000 as ClosedRange<UInt64> {
      let comes = model.isEmpty || (model.count < 600 && Bool.random(using: &generator))
      if comes, let record = freeRecords.popLast() {
        let owner = Owner(sequence, record: record)
        table.insert(owner)
        model[owner.id] = owner
      } else if let (id, owner) = model.randomElement(using: &generator) {
        let isRemoved = table.remove(owner)
        #expect(isRemoved)
        model[id] = nil
        freeRecords.append(owner.record)
        gone.append(owner)
      }
      guard sequence % 500 == 0 else { continue }
      #expect(table.count == model.count)
      #expect(Set(table.values.map(\.id)) == Set(model.keys))
      let slices = stride(from: 0, to: table.records.upperBound, by: 70).flatMap {
        Array(table.values(of: $0..<$0 + 70))
      }
      #expect(slices.map(\.record) == table.values.map(\.record))
      #expect(model.allSatisfy { table[$0.key] === $0.value })
      #expect(gone.suffix(50).allSatisfy { table[$0.id] == nil })
    }
  }
}
