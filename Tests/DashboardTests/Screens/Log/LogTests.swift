import ControlProtocol
import Testing
import Vocabulary

@testable import Dashboard

@Suite("Log")
struct LogTests {
  private func snapshot(_ numbers: ClosedRange<Int>) -> Snapshot {
    var snapshot = picture()
    snapshot.events = numbers.map {
      EngineEvent(
        sequence: $0, at: now + Double($0), kind: .act, message: "event-\($0)\u{1B}[31m",
        actor: "uid 1000", command: "wstop close s-\($0)\u{7}")
    }
    return snapshot
  }

  @Test("The log of another run of the engine begins with its first event")
  func logOfAnotherRun() {
    var model = connected()
    model.keys(.character("6"))
    var snapshot = picture()
    snapshot.events = [
      EngineEvent(sequence: 500, at: now, kind: .limit, message: "from before")
    ]
    _ = update(&model, .snapshot(snapshot))
    _ = update(&model, .connectionLost(reason: "gone"))
    _ = update(&model, .connected)
    var next = picture(run: "run-2")
    next.events = [
      EngineEvent(sequence: 501, at: now, kind: .limit, message: "the middle")
    ]
    let effects = update(&model, .snapshot(next))
    let asked = effects.compactMap { effect -> Int? in
      if case .watch(let watch) = effect { watch.eventsAfter } else { nil }
    }
    #expect(asked == [0])
    next.events = [
      EngineEvent(sequence: 1, at: now, kind: .limit, message: "the new run")
    ]
    _ = update(&model, .snapshot(next))
    #expect(model.text.contains("the new run") && !model.text.contains("from before"))
  }

  @Test("Events are shown once, escaped, with actor and command, and followed at the end")
  func shows() {
    var model = connected()
    model.keys(.character("6"))
    _ = update(&model, .snapshot(snapshot(1...3)))
    #expect(update(&model, .snapshot(snapshot(2...40))) == [])
    #expect(model.log.events.map(\.sequence) == Array(1...40))
    #expect(model.text.contains("event-40\\u{1b}[31m  by uid 1000"))
    #expect(model.text.contains("$ wstop close s-40\\u{7}"))
    model.keys(.home)
    _ = update(&model, .snapshot(snapshot(41...50)))
    #expect(model.text.contains("event-1\\u{1b}"))
  }

  @Test("Coming back, only newer ones are asked for; old ones are dropped at a limit")
  func keeps() {
    var model = connected()
    model.keys(.character("6"))
    _ = update(&model, .snapshot(snapshot(1...1500)))
    #expect(model.log.events.count == LogScreen.maximumEventCount)
    model.keys(.character("1"))
    guard case .watch(let watch)? = model.keys(.character("6")).first else {
      Issue.record("no watch")
      return
    }
    #expect(watch.eventsAfter == 1500)
  }
}
