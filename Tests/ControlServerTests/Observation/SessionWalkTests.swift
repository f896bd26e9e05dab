import ControlProtocol
import EventLoop
import Testing
import Vocabulary
import WebSocketEngine

@testable import ControlServer

@Suite("Questions about all sessions, answered over several turns")
struct SessionWalkTests {
  private static let past = Instant(nanoseconds: 0)

  private static func engine() throws -> SyntheticEngine {
    var engine = try SyntheticEngine()
    for number in 0..<300 {
      let id = try engine.open(path: "/ws/echo/\(number)", messagesIn: (number * 7919) % 300)
      if number % 3 == 0 { engine.close(id) }
    }
    return engine
  }

  /// A step that has no time looks at one slice all the same, and at no more.
  private static func answer(_ question: WindowQuestion) -> (window: SessionWindow, steps: Int) {
    var steps = 0
    while true {
      steps += 1
      if let window = question.step(until: past) { return (window, steps) }
    }
  }

  @Test("The answer is the same as at once, live sessions, closed ones or both")
  func same() throws {
    let engine = try Self.engine()
    for show in SessionSelection.allCases {
      for text in ["", "path~/1", "path~/1 !path~9"] {
        let filter = try SessionFilter(text)
        let query = SessionQuery(sort: .messagesIn, offset: 3, limit: 20, show: show)
        let whole = engine.observer.window(query, filter)
        let (window, steps) = Self.answer(engine.observer.question(query, filter))
        #expect(window.total == whole.total)
        #expect(window.sessions.map(\.profile.id) == whole.sessions.map(\.profile.id))
        #expect(steps > 1)
      }
    }
  }

  @Test("A step looks at few sessions where a filter looks at texts, which may be long")
  func slices() throws {
    let engine = try Self.engine()
    let query = SessionQuery(limit: 0)
    let plain = Self.answer(engine.observer.question(query, SessionFilter()))
    let texts = Self.answer(engine.observer.question(query, try SessionFilter("path~x")))
    #expect(texts.steps > 3 * plain.steps)
    // The rows of the window are read in steps as well.
    let rows = Self.answer(engine.observer.question(SessionQuery(), SessionFilter()))
    #expect(rows.window.sessions.count == 200 && rows.steps > plain.steps)
  }

  @Test("Sessions that close between two steps are left out, and no other takes their place")
  func closing() throws {
    var engine = try SyntheticEngine(reactorCount: 1)
    let ids = try (0..<200).map { try engine.open(path: "/ws/echo/\($0)") }
    let question = engine.observer.question(SessionQuery(), try SessionFilter("path~echo"))
    for _ in 0..<5 { #expect(question.step(until: Self.past) == nil) }
    for id in ids.prefix(30) { engine.close(id) }
    let opened = try engine.open(path: "/ws/echo/new")
    let window = Self.answer(question).window
    let shown = window.sessions.map(\.profile.id)
    #expect(shown.filter { $0 != opened } == Array(ids.dropFirst(30)))
    #expect(Set(shown).count == shown.count)
  }

  @Test("What an act is meant for is found in steps too, the oldest first")
  func selection() throws {
    let engine = try Self.engine()
    let search = engine.observer.selection(try SessionFilter("path~/1"))
    var steps = 1
    var found = search.step(until: Self.past)
    while found == nil {
      steps += 1
      found = search.step(until: Self.past)
    }
    let selection = try #require(found).sorted
    #expect(steps > 5)
    #expect(selection.openCount == 200)
    let wanted = try engine.ids(SessionQuery(), "path~/1")
    #expect(selection.targets.map(\.id).sorted() == wanted.sorted())
    #expect(
      selection.targets.map(\.openedAt) == selection.targets.map(\.openedAt).sorted())
  }

  @Test("Long paths that differ at their ends are sorted by their beginnings, then by name")
  func longTexts() throws {
    var engine = try SyntheticEngine(reactorCount: 1)
    let start = "/" + String(repeating: "x", count: 8000)
    var ids: [SessionID] = []
    for number in (0..<50).reversed() { ids.append(try engine.open(path: start + "\(number)")) }
    let first = try engine.open(path: "/a")
    #expect(try engine.ids(SessionQuery(sort: .path)) == [first] + ids)
  }
}
