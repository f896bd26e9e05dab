import ControlProtocol
import TestSupport
import Testing
import Vocabulary

@testable import Dashboard

/// Messages of the first session, numbered from `first` on.
func tapBatch(
  _ first: Int, _ count: Int = 1, kind: TapKind = .text, skipped: Int = 0, byteCount: Int? = nil
) -> TapBatch {
  TapBatch(
    messages: (first..<(first + count)).map { number in
      let text =
        "{\"n\":\(number)}" + String(repeating: " ", count: byteCount.map { max($0 - 8, 0) } ?? 0)
      var message = TapMessage(
        session: id(0), direction: number.isMultiple(of: 2) ? .in : .out, kind: kind,
        bytes: text.utf8.count, at: now + Double(number) * 0.001)
      message.text = text
      return message
    }, skipped: skipped, sessions: 1)
}

@Suite("The page of a tap")
struct TapPageTests {
  /// A console that taps the first session.
  private func tapping(columns: Int = 80, rows: Int = 24) -> Model {
    var model = connected(columns: columns, rows: rows)
    model.keys(.character("t"))
    return model
  }

  private func back(_ model: Model) throws -> TapScrollback {
    try #require(model.tapPage).scrollback
  }

  @Test("t taps the session under the cursor, T what the filter matches, q ends it")
  func effects() {
    var model = connected()
    let request = TapRequest(.session(id(0)))
    #expect(model.keys(.character("t")).contains(.tap(request)))
    #expect(model.keyContext == .tap)
    #expect(model.notice?.command == "wstop tap s-1yg1")
    #expect(model.text.contains("connecting…"))
    #expect(model.keys(.character("q")).contains(.tap(nil)))
    #expect(model.keyContext == .screen(.sessions))
    model.table.filter = "path~chat"
    #expect(model.keys(.character("T")).contains(.tap(TapRequest(.filter("path~chat")))))
    #expect(model.notice?.command == "wstop tap --filter \"path~chat\"")
    #expect(model.keys(.escape).contains(.tap(nil)))
    model.keys(.enter)
    #expect(model.keys(.character("t")).contains(.tap(request)))
    model.keys(.character("q"))
    #expect(model.keyContext == .details)
  }

  @Test("Without a connection nothing is tapped; a lost one is tapped again when it is back")
  func connections() {
    var model = unconnected()
    #expect(model.keys(.character("t")).isEmpty)
    model = tapping()
    _ = update(&model, .tapBatch(tapBatch(0, 3)))
    _ = update(&model, .connectionLost(reason: "x"))
    #expect(model.text.contains("connecting…"))
    #expect(update(&model, .connected).contains(.tap(TapRequest(.session(id(0))))))
    _ = update(&model, .tapBatch(tapBatch(3)))
    #expect(model.text.contains("4 shown"))
  }

  @Test("The end of a tap stays on the page, with its reason, and is not asked for again")
  func ended() {
    var model = tapping()
    _ = update(&model, .tapBatch(tapBatch(0, 2)))
    #expect(update(&model, .tapEnded(reason: "session s-1yg1 was \u{1B}closed")).isEmpty)
    #expect(model.text.contains("session s-1yg1 was \\u{1b}closed"))
    #expect(model.text.contains("ENDED"))
    #expect(update(&model, .tick(now: now + 1)).isEmpty)
    #expect(!model.keys(.character("q")).contains(.tap(nil)))
    model = tapping()
    _ = update(&model, .tapEnded(reason: "the engine forbids taps"))
    #expect(model.text.contains("the engine forbids taps"))
  }

  @Test("In another run of the engine the session's tap is over, whoever has its ID there")
  func startedAnew() throws {
    var model = tapping()
    _ = update(&model, .tapBatch(tapBatch(0, 2)))
    _ = update(&model, .connectionLost(reason: "gone"))
    #expect(update(&model, .connected).contains(.tap(TapRequest(.session(id(0))))))
    #expect(update(&model, .snapshot(picture(run: "run-2"))).contains(.tap(nil)))
    _ = update(&model, .tapBatch(tapBatch(2)))
    #expect(model.text.contains("ENDED") && model.text.contains("the engine was started anew"))
    #expect(try back(model).entries.count == 2)
    #expect(!update(&model, .tick(now: now + 1)).contains(.tap(TapRequest(.session(id(0))))))
    // A filter's goes on.
    model.context.latest.statistics?.sessions.open = 0
    model.keys(.escape, .character("T"))
    _ = update(&model, .snapshot(picture(run: "run-3")))
    #expect(update(&model, .tapBatch(tapBatch(0))).isEmpty)
    #expect(try back(model).entries.count == 1)
  }

  @Test("At the end the list follows; scrolled back nothing moves, and G goes to the end again")
  func following() throws {
    var model = tapping()
    _ = update(&model, .tapBatch(tapBatch(0, 100)))
    #expect(try back(model).position.cursor == 99)
    #expect(model.text.contains("following"))
    model.keys(.up, .up, .up)
    let before = try back(model).position
    let lines = try model.lines.at(7..<15)
    for batch in 1..<20 { _ = update(&model, .tapBatch(tapBatch(batch * 100, 100))) }
    #expect(try back(model).position == before)
    #expect(try model.lines.at(7..<15) == lines)
    #expect(model.text.contains("1 900 newer"))
    model.keys(.character("G"))
    let count = try back(model).entries.count
    #expect(try back(model).position.cursor == count - 1)
    #expect(model.text.contains("following") && !model.text.contains("newer"))
    // Moving down to the last one is as good.
    model.keys(.up, .down)
    _ = update(&model, .tapBatch(tapBatch(5000)))
    #expect(model.text.contains("following"))
    #expect(model.text.contains("{\"n\":5000}"))
  }

  @Test("Paused nothing moves either, also at the end")
  func paused() throws {
    var model = tapping()
    _ = update(&model, .tapBatch(tapBatch(0, 100)))
    model.keys(.character("Z"))
    let lines = try model.lines.at(7..<15)
    _ = update(&model, .tapBatch(tapBatch(100, 50)))
    #expect(try model.lines.at(7..<15) == lines)
    #expect(model.text.contains("PAUSED"))
    #expect(model.pacing.isPaused == false)
    model.keys(.character("Z"))
    #expect(model.text.contains("{\"n\":149}"))
  }

  @Test("The scrollback is bounded in messages and bytes, at the end by what is oldest")
  func bounded() throws {
    var model = tapping()
    for batch in 0..<60 { _ = update(&model, .tapBatch(tapBatch(batch * 200, 200))) }
    let entries = try back(model).entries
    #expect(
      (TapScrollback.maximumCount...(TapScrollback.maximumCount + 256)).contains(entries.count))
    #expect(model.text.contains("{\"n\":11999}"))
    #expect(model.text.contains("12 000 shown"))
    for batch in 0..<20 {
      _ = update(&model, .tapBatch(tapBatch(batch * 200, 200, byteCount: 4096)))
    }
    let byteCount = try back(model).entries.reduce(0) { $0 + $1.byteCount }
    #expect(byteCount <= TapScrollback.maximumByteCount + 4096 * 200)
  }

  @Test("Scrolled back and full, what comes is counted and not kept")
  func held() throws {
    var model = tapping()
    _ = update(&model, .tapBatch(tapBatch(0, 100)))
    model.keys(.character("g"))
    for batch in 0..<60 { _ = update(&model, .tapBatch(tapBatch(100 + batch * 200, 200))) }
    #expect(try back(model).entries.count == TapScrollback.maximumCount)
    #expect(try back(model).position.cursor == 0)
    #expect(model.text.contains("{\"n\":0}"))
    #expect(model.text.contains("12 000 newer"))
    let held = 12_100 - TapScrollback.maximumCount
    #expect(try back(model).skippedCount == held)
    model.keys(.character("G"))
    #expect(model.text.contains("… \(QuantityText.readableCount(held)) skipped …"))
    _ = update(&model, .tapBatch(tapBatch(20_000)))
    #expect(model.text.contains("{\"n\":20000}"))
  }

  @Test("What the engine skipped stands where it was, and in the heading")
  func skipped() {
    var model = tapping()
    _ = update(&model, .tapBatch(tapBatch(0, 2, skipped: 5)))
    _ = update(&model, .tapBatch(TapBatch(messages: [], skipped: 7, sessions: 1)))
    var next = tapBatch(2)
    next.messages[0].skipped = 1000
    _ = update(&model, .tapBatch(next))
    #expect(model.text.contains("… 1 012 skipped …"))
    #expect(model.text.contains("3 shown 1 012 skipped"))
  }

  @Test("/ searches, n and N go on, around the ends")
  func search() throws {
    var model = tapping()
    _ = update(&model, .tapBatch(tapBatch(0, 200)))
    model.keys(.character("/"))
    #expect(model.keyContext == .tapLine)
    model.type("\"N\":1")
    model.keys(.enter)
    // From the end around to the first: 1, then 10, 11, …
    #expect(try back(model).position.cursor == 1)
    #expect(model.notice?.text == "from the start again")
    model.keys(.character("n"))
    #expect(try back(model).position.cursor == 10)
    model.keys(.character("N"), .character("N"))
    #expect(try back(model).position.cursor == 199)
    #expect(model.notice?.text == "from the end again")
    model.keys(.character("/"))
    model.type("nowhere")
    model.keys(.enter)
    #expect(model.notice?.text == "nothing here has nowhere")
    #expect(try back(model).position.cursor == 199)
  }

  @Test("Keys choose direction, kind, text and sizes, and the engine is told")
  func choices() {
    var model = tapping()
    #expect(
      model.keys(.character("i")) == [.changeTap(TapOptions(direction: .in))])
    #expect(model.keys(.character("i")) == [.changeTap(TapOptions(direction: .out))])
    #expect(model.keys(.character("i")) == [.changeTap(TapOptions())])
    #expect(model.keys(.character("y")) == [.changeTap(TapOptions(kinds: [.text]))])
    model.keys(.character("y"))
    #expect(
      model.keys(.character("y")) == [.changeTap(TapOptions(kinds: [.ping, .pong, .close]))])
    #expect(model.notice?.command == "wstop tap s-1yg1 --kind ping,pong,close")
    model.keys(.character("y"), .character("f"))
    model.type("lobby")
    #expect(model.keys(.enter) == [.changeTap(TapOptions(text: "lobby"))])
    #expect(model.text.contains("~lobby"))
    model.keys(.character("f"), .control("u"))
    #expect(model.keys(.enter) == [.changeTap(TapOptions())])
    model.keys(.character("s"))
    model.type("1KiB..2KiB")
    #expect(
      model.keys(.enter) == [.changeTap(TapOptions(minimumBytes: 1024, maximumBytes: 2048))])
    model.keys(.character("s"), .control("u"))
    model.type("nonsense")
    #expect(model.keys(.enter).isEmpty)
    #expect(model.notice?.tone == .failed && model.dialog != nil)
    #expect(model.text.contains("nonsense are no sizes"))
  }

  @Test("A negated text is asked for as it is typed, and shown with its mark; ! alone is refused")
  func negatedText() {
    var model = tapping()
    model.keys(.character("f"))
    model.type("!beat")
    #expect(model.keys(.enter) == [.changeTap(TapOptions(text: "!beat"))])
    #expect(model.text.contains("  !beat"))
    model.keys(.character("f"), .control("u"))
    model.type("\\!beat")
    #expect(model.keys(.enter) == [.changeTap(TapOptions(text: "\\!beat"))])
    #expect(model.text.contains("  ~!beat"))
    model.keys(.character("f"), .control("u"))
    model.type("!")
    #expect(model.keys(.enter).isEmpty)
    #expect(model.notice?.tone == .failed && model.tapPage?.options.text == "\\!beat")
    #expect(model.dialog != nil && model.text.contains("text is ! alone"))
    model.type("x")
    #expect(model.keys(.enter) == [.changeTap(TapOptions(text: "!x"))])
  }

  @Test(
    "Sizes as they are typed",
    arguments: [
      ("", 0, Int.max), ("100", 100, .max), ("1KiB..", 1024, .max), ("..64", 0, 64),
      (" 10 .. 20 ", 10, 20),
    ] as [(String, Int, Int)])
  func sizes(_ text: String, _ least: Int, _ most: Int) throws {
    let options = try #require(TapOptions().withSizes(text))
    #expect((options.minimumBytes ?? 0) == least && (options.maximumBytes ?? .max) == most)
    #expect(TapOptions().withSizes(options.sizesText) == options)
  }

  @Test("Sizes that make no sense", arguments: ["x", "2..1", "1..x", "..y", "1...2", "-1"])
  func wrongSizes(_ text: String) {
    #expect(TapOptions().withSizes(text) == nil)
  }

  @Test("v shows payloads as text, JSON and hex; Enter shows one whole, and scrolls it")
  func views() {
    var model = tapping()
    _ = update(&model, .tapBatch(tapBatch(7)))
    #expect(model.text.contains("── s-1yg1 out text 7 B, as text"))
    model.keys(.character("v"))
    #expect(model.lines.contains("   \"n\": 7"))
    model.keys(.character("v"))
    #expect(model.text.contains("0000  7b 22 6e 22 3a 37 7d"))
    model.keys(.character("v"))
    var long = TapMessage(
      session: id(0), direction: .in, kind: .text, bytes: 9000, at: now)
    long.text = (0..<300).map { "line \($0)\n" }.joined()
    _ = update(&model, .tapBatch(TapBatch(messages: [long], sessions: 1)))
    model.keys(.enter)
    #expect(model.lines.contains(" line 0") && model.lines.contains(" line 10"))
    model.keys(.character("G"))
    #expect(model.text.contains("line 299"))
    #expect(model.text.contains("were kept"))
    // What comes meanwhile moves nothing.
    _ = update(&model, .tapBatch(tapBatch(8, 30)))
    #expect(model.text.contains("line 299"))
    model.keys(.escape)
    #expect(model.keyContext == .tap && model.tapPage?.zoom == nil)
  }

  @Test(
    "A tap at 20×5 and at sizes in between traps nowhere and shows messages",
    arguments: [
      (20, 5), (40, 10), (60, 14), (100, 30), (200, 50), (1, 1), (0, 0),
    ])
  func sizes(_ columns: Int, _ rows: Int) {
    var model = tapping(columns: columns, rows: rows)
    _ = update(&model, .tapBatch(tapBatch(0, 50)))
    _ = update(&model, .tick(now: now + 100))
    if columns >= 20 { #expect(model.text.contains("{\"n\":4")) }
    model.keys(.up, .character("v"), .enter, .character("G"), .escape, .character("/"), .escape)
  }

  @Test("A line at 80×24")
  func line() {
    var model = tapping()
    var message = TapMessage(
      session: id(0), direction: .in, kind: .close, bytes: 3, at: 1_700_000_000.25, text: "bye",
      code: .goingAway)
    message.compressedBytes = nil
    _ = update(&model, .tapBatch(TapBatch(messages: [message], sessions: 1)))
    #expect(model.lines.contains("▸ 22:13:20.250 in  close       3 B 1001 bye"))
  }

  @Test("On a terminal of a few columns nothing is left for the payload", arguments: 0...30)
  func narrow(_ columns: Int) {
    var model = tapping(columns: columns, rows: 5)
    _ = update(&model, .tapBatch(tapBatch(0, 3)))
    for _ in PayloadView.allCases {
      model.keys(.character("v"))
      #expect(model.lines.count == 5)
    }
  }

  @Test("Payloads that are hostile are escaped in every view")
  func hostile() {
    for payload in [
      "\u{1B}[2J", "\u{202E}abc", "{\"\u{1B}[2J\":[1,{\"\u{202E}\":\"\\u001b\"}]}",
      String(repeating: "\u{302}", count: 2000), "日本語日本語日本語", "\r\n\t\u{0}",
    ] {
      for repertoire in [Repertoire.unicode, .ascii] {
        var model = connected(repertoire: repertoire)
        model.keys(.character("t"))
        let bytes = Array(payload.utf8)
        var text = TapMessage(
          session: id(0), direction: .in, kind: .text, bytes: bytes.count, at: .nan)
        text.text = payload
        var binary = text
        binary.kind = .binary
        binary.text = nil
        binary.binary = ControlJSON.base64(bytes + [0xFF, 0xC0])
        _ = update(&model, .tapBatch(TapBatch(messages: [text, binary], sessions: .max)))
        for _ in PayloadView.allCases {
          model.keys(.character("v"), .up, .enter, .enter)
          let shown = model.text.unicodeScalars
          #expect(
            shown.allSatisfy {
              $0 == "\n"
                || (DisplayWidth.cellUse(of: $0) != .replaced && $0 != "\u{FFFD}"
                  && (repertoire == .unicode || $0.isASCII))
            })
        }
      }
    }
  }
}
