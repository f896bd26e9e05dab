import EventLoop
import Synchronization
import TestSupport
import Testing
import Vocabulary
import WebSocketProtocol

@testable import WebSocketEngine

@Suite("Tags of sessions", .limited, .timeLimit(.minutes(10)))
struct TagTests {
  @Test("A handler tags its session, replaces and takes away, within limits")
  func limits() async throws {
    let told = Recorder<String>()
    try await withServer { router in
      try router.route("/tagged") { _ in
        ClosureHandler(opened: { session in
          func attempt(_ key: String, _ value: String = "") {
            do throws(TagError) {
              try session.tag(key, value)
            } catch {
              told.note("\(error)")
            }
          }
          #expect(session.tags.isEmpty)
          session.untag("nothing")
          try session.tag("user", "olga")
          try session.tag("user", "sam")
          attempt("a:b")
          attempt("")
          attempt("long", String(repeating: "x", count: 257))
          for number in 1..<16 { try session.tag("k\(number + 10)") }
          attempt("seventeenth")
          try session.tag("user", "li")
          session.untag("k11")
          try session.tag("\u{212A}", "sign")
          told.note(session.tags.map(\.text).joined(separator: " "))
        })
      }
    } _: { fixture in
      let client = try await fixture.session("/tagged")
      try await eventually("the tags") { told.count == 5 }
      let elements = told.all
      #expect(elements.prefix(2).allSatisfy { $0.contains("no colon") })
      #expect(elements[2].contains("257 bytes"))
      #expect(elements[3].contains("16 tags"))
      #expect(
        elements[4].utf8.elementsEqual(
          ((12...25).map { "k\($0)" } + ["user:li", "\u{212A}:sign"]).joined(separator: " ").utf8))
      withExtendedLifetime(client) {}
    }
  }

  @Test("An asynchronous handler does so too, after it has accepted and until the end")
  func asynchronous() async throws {
    let told = Recorder<String>()
    try await withServer { router in
      try router.webSocket("/async") { socket in
        do {
          try await socket.tag("early")
        } catch {
          told.note("\(error)")
        }
        try await socket.accept()
        try await socket.tag("user", "olga")
        try await socket.tag("vip")
        try await socket.untag("vip")
        told.note(try await socket.tags.map(\.text).joined(separator: " "))
        do {
          try await socket.tag("", "x")
        } catch {
          told.note("\(error as? TagError == .invalidKey)")
        }
        _ = try await socket.receive()
        do {
          try await socket.tag("late")
        } catch {
          told.note("\(error)")
        }
      }
    } _: { fixture in
      let client = try await fixture.session("/async")
      try await client.sendClose(.normalClosure)
      _ = try await client.readToEnd()
      try await eventually("the handler's end") { told.count == 4 }
      #expect(told.all == ["notAccepted", "user:olga", "true", "closed"])
    }
  }

  @Test("A session that is closing takes no tag")
  func closing() async throws {
    let told = Recorder<TagError>()
    try await withServer { router in
      try router.route("/closing") { _ in
        ClosureHandler(closed: { _, session in
          do throws(TagError) { try session.tag("late") } catch { told.note(error) }
        })
      }
    } _: { fixture in
      let client = try await fixture.session("/closing")
      try await client.sendClose(.normalClosure)
      _ = try await client.readToEnd()
      try await eventually("the close") { told.all == [.notOpen] }
    }
  }

  @Test("An observer is told once, sees what changes, and the tags at the end")
  func observed() async throws {
    try await withServer { router in
      try router.route("/tags") { _ in
        ClosureHandler(received: { message, _, session in
          let text = String(decoding: Array(copying: message), as: UTF8.self)
          if text == "done" { return try session.send("done") }
          try session.tag("word", text)
        })
      }
    } _: { fixture in
      let journal = fixture.server.reactors[0].journal
      journal.observe()
      let client = try await fixture.session("/tags")
      for number in 0..<1000 { try await client.send("\(number)") }
      try await client.send("done")
      #expect(try await client.next() == .text("done"))
      let gap = try #require(await fixture.server.reactors[0].closeJournalGap())
      let cells = gap.entries.compactMap { entry in
        if case .tagged(let id, _, let tags) = entry { (id, tags) } else { nil }
      }
      #expect(cells.count == 1, "a thousand changes are one entry")
      let (id, tags) = try #require(cells.first)
      #expect(tags.all.map(\.text) == ["word:999"])
      #expect(gap.tags[id]?.all.map(\.text) == ["word:999"], "also for one that began late")
      try await client.sendClose(.normalClosure)
      _ = try await client.readToEnd()
      client.close()
      try await fixture.becomesEmpty()
      let closed = journal.takeAll().entries.compactMap { entry in
        if case .closed(let session) = entry { session.tags.map(\.text) } else { nil }
      }
      #expect(closed == [["word:999"]])
    }
  }
}
