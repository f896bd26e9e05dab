import ControlProtocol
import Testing
import Vocabulary

@testable import Dashboard

/// A generator whose numbers depend on the seed alone (splitmix64).
private struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}

@Suite("Any events in any order")
struct RandomEventsTests {
  private let keys: [Key] =
    KeyTable.bindings.flatMap(\.keys) + "aq0159 é日\u{301}".map { .character($0) }

  private let rubbish = [
    "", "\u{1B}[2J", "\u{202E}abc", "日本語", "e\u{301}\u{302}\u{303}\u{304}",
    "\u{1F468}\u{200D}\u{1F469}", "\n\t\u{0}", String(repeating: "/x", count: 3000),
  ]

  private func event(_ generator: inout SeededGenerator, _ model: Model) -> ConsoleEvent {
    switch Int.random(in: 0..<100, using: &generator) {
    case 0..<70: return .key(keys.randomElement(using: &generator) ?? .escape)
    case 70, 71:
      let kinds: [MouseEvent.Kind] = [.press, .press, .wheelUp, .wheelDown]
      return .mouse(
        MouseEvent(
          kinds.randomElement(using: &generator) ?? .press,
          row: Int.random(in: -1...60, using: &generator),
          column: Int.random(in: -1...220, using: &generator)))
    case 72: return .saved(path: rubbish[1], failure: Bool.random(using: &generator) ? nil : "")
    case 73: return .paste(rubbish.randomElement(using: &generator) ?? "")
    case 74..<79:
      return .resize(
        columns: Int.random(in: -2...220, using: &generator),
        rows: Int.random(in: -2...60, using: &generator))
    case 79: return .connectionLost(reason: rubbish.randomElement(using: &generator) ?? "")
    case 80: return .connected
    case 81: return .tick(now: Double.random(in: -1e18...1e18, using: &generator))
    case 82..<85: return reply(&generator, model)
    case 85: return tap(&generator)
    default: return .snapshot(snapshot(&generator, model))
    }
  }

  private func reply(_ generator: inout SeededGenerator, _ model: Model) -> ConsoleEvent {
    let tag = model.pending.acts.keys.min() ?? 7
    let odd: [Int] = [.min, -1, 0, 3, 101, .max]
    let count = odd.randomElement(using: &generator) ?? 0
    let replies: [ControlReply] = [
      .preview(
        ActPreview(engine: "", count: count, total: ~count, sample: [row(3)], token: "t")),
      .progress(act(count)),
      .stopping, .limits(LimitList(engine: "run-1", limits: [])), .statistics(statistics()),
      .refused(status: -1, ControlError(code: "", message: rubbish[1], column: -4).error),
      .act(
        ActResult(engine: "", outcomes: [SessionOutcome(id: id(3), outcome: .backlogFull)])),
    ]
    return .reply(tag: tag, replies.randomElement(using: &generator) ?? .stopping)
  }

  private func act(_ number: Int) -> ActStatus {
    var act = ActStatus(
      engine: "run-1", id: number, kind: .send, filter: rubbish[1], count: number)
    act.delivered = number
    act.queued = number
    act.failed.counts = [rubbish[1]: number, "not-open": .max]
    act.state = number > 5 ? .finished : .running
    (act.actor, act.command, act.previewed) = (rubbish[2], rubbish[1], -7)
    act.rate = number == 3 ? .nan : 1e300
    return act
  }

  private func tap(_ generator: inout SeededGenerator) -> ConsoleEvent {
    let text = rubbish.randomElement(using: &generator) ?? ""
    guard Int.random(in: 0..<5, using: &generator) > 0 else { return .tapEnded(reason: text) }
    var batch = tapBatch(0, Int.random(in: 0..<300, using: &generator))
    batch.skipped = [0, 1, .max, .min].randomElement(using: &generator) ?? 0
    batch.sessions = batch.skipped
    if !batch.messages.isEmpty {
      batch.messages[0].text = text
      batch.messages[0].at = .nan
      batch.messages[0].bytes = batch.skipped
      batch.messages[0].skipped = batch.skipped
      batch.messages[0].compressedBytes = batch.skipped
    }
    return .tapBatch(batch)
  }

  private func snapshot(_ generator: inout SeededGenerator, _ model: Model) -> Snapshot {
    let number = { (generator: inout SeededGenerator) in
      [0, 1, -1, 50, 10_000, .max, .min].randomElement(using: &generator) ?? 0
    }
    let text = rubbish.randomElement(using: &generator) ?? ""
    var snapshot = picture(
      total: Int.random(in: 0..<300, using: &generator),
      offset: Int.random(in: 0..<200, using: &generator),
      count: Int.random(in: 0..<80, using: &generator),
      run: Bool.random(using: &generator) ? "run-1" : "run-\(text)", version: text)
    if Int.random(in: 0..<3, using: &generator) == 0 {
      snapshot.sessions?.total = number(&generator)
      snapshot.sessions?.offset = number(&generator)
      snapshot.statistics.now = .nan
      snapshot.statistics.uptimeSeconds = .infinity
      snapshot.statistics.sessions.open = number(&generator)
      snapshot.statistics.sizesIn.buckets = [[number(&generator), number(&generator)], [3]]
      snapshot.statistics.closes = [
        CloseCount(code: CloseCode(rawValue: 7), by: .peer, count: number(&generator)),
        CloseCount(code: CloseCode(rawValue: 7), by: .peer, count: number(&generator)),
      ]
      snapshot.history = [RateSample()]
      snapshot.history?[0].at = .nan
      snapshot.history?[0].messagesIn = -.infinity
      snapshot.limits = []
    }
    if let count = snapshot.sessions?.sessions.count, count > 0 {
      snapshot.sessions?.sessions[0].path = text
      snapshot.sessions?.sessions[0].address = text
      snapshot.sessions?.sessions[0].bytesIn = number(&generator)
      snapshot.sessions?.sessions[0].idleSeconds = .nan
    }
    if case .details(let page)? = model.pages.last, Bool.random(using: &generator) {
      var details = SessionDetails(engine: "run-1", row: row(0))
      details.row.id = page.id
      details.headers = [SessionDetails.Header(name: text, value: text)]
      details.rooms = Array(repeating: text, count: 70)
      snapshot.details = details
    }
    if Bool.random(using: &generator) {
      let sequence = number(&generator)
      snapshot.events = [EngineEvent(sequence: sequence, at: .nan, kind: .problem, message: text)]
    }
    if Int.random(in: 0..<4, using: &generator) == 0 {
      snapshot.acts = [act(number(&generator)), act(3)]
    }
    if Int.random(in: 0..<5, using: &generator) == 0 {
      snapshot.sessions = nil
      snapshot.filterError =
        ControlError(code: "", message: text, column: number(&generator)).error
    }
    return snapshot
  }

  @Test("Thousands of events trap nowhere, and every picture is sound", arguments: 0..<6)
  func events(seed: Int) {
    var generator = SeededGenerator(state: UInt64(seed))
    var model = unconnected(repertoire: seed.isMultiple(of: 2) ? .unicode : .ascii)
    var canvas = Canvas(columns: 0, rows: 0)
    for step in 0..<1500 {
      let event = event(&generator, model)
      _ = update(&model, event)
      draw(model, into: &canvas)
      #expect(canvas.columns == model.columns && canvas.rows == model.rows)
      guard step.isMultiple(of: 10) else { continue }
      for row in 0..<canvas.rows {
        let cells = canvas.cells(ofRow: row)
        #expect(cells.reduce(0) { $0 + Int($1.width) } == canvas.columns)
      }
      for line in canvas.lines {
        #expect(
          line.unicodeScalars.allSatisfy {
            DisplayWidth.cellUse(of: $0) != .replaced
              && (model.setup.repertoire == .unicode || $0.isASCII)
          })
      }
      if let cursor = canvas.cursor {
        #expect((0..<canvas.rows).contains(cursor.row))
        #expect((0..<max(canvas.columns, 1)).contains(cursor.column))
      }
    }
  }
}
