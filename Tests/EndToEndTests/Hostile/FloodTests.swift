import Foundation
import TestSupport
import Testing

@Suite(
  "Thousands of handshakes at once", .workspace, .serialized, .limited, .timeLimit(.minutes(15)))
struct FloodTests {
  @Test("10 000 at once: as many as may are let in, the rest get 503, and nothing is left behind")
  func tenThousand() async throws {
    let engine = try await Engine.start(
      "--set", "sessions=6001", "--set", "handshake-timeout=10m", "--set", "ping-interval=off")
    let before = try await Client.connect(engine.url("/ws/echo"))
    let flood = try await Flood.start(engine, count: 10_000, halfOpenCount: 1000)
    // Open sessions are served while it goes on.
    for number in 0..<5 {
      try await before.send("\(number)")
      #expect(try await before.receive() == .text("\(number)"))
    }
    #expect(try await flood.outcomes() == ["101": 6000, "503": 3000, "half-open": 1000])
    let statistics = try await eventually("all of them are counted") {
      let statistics = try await engine.json("stats")
      return statistics["sessions"]?["open"]?.int == 6001 ? statistics : nil
    }
    let refusals = statistics["refusals"]?.array ?? []
    #expect(refusals.count == 1)
    #expect(refusals.first?["reason"]?.string == "too-many-sessions")
    #expect(refusals.first?["count"]?.int == 3000)
    try await flood.end()
    try await until("sessions and handshakes are left") {
      let sessions = try await engine.json("stats")["sessions"]
      return sessions?["open"]?.int == 1 && sessions?["opening"]?.int == 0
    }
    let after = try await Client.connect(engine.url("/ws/echo"))
    try await after.send("fine")
    #expect(try await after.receive() == .text("fine"))
  }

  @Test("Half-open handshakes that take every descriptor keep nobody out")
  func halfOpen() async throws {
    let engine = try await Engine.start(
      "--reactors", "1", "--set", "handshake-timeout=1h", descriptorCount: 150)
    let flood = try await Flood.start(engine, count: 400, halfOpenCount: 400)
    #expect(try await flood.outcomes() == ["half-open": 400])
    try await until("the descriptors are not used up") {
      try await engine.wstop("events").text.contains("accepting pauses")
    }
    for number in 0..<3 {
      let client = try await Client.connect(engine.url("/ws/echo"))
      try await client.send("\(number)")
      #expect(try await client.receive() == .text("\(number)"))
    }
    let refusals = try await engine.json("stats")["refusals"]?.array ?? []
    #expect(refusals.contains { $0["reason"]?.string == "out-of-descriptors" })
    try await flood.end()
  }

  @Test(
    "Beyond handshakes-per-second every handshake is answered with 503, and the rest are let in")
  func rate() async throws {
    let engine = try await Engine.start(
      "--set", "handshakes-per-second=100", "--set", "handshake-timeout=10m", "--set",
      "ping-interval=off")
    let flood = try await Flood.start(engine, count: 2000)
    let outcomes = try await flood.outcomes()
    let open = try #require(outcomes["101"])
    #expect(open >= 100)
    #expect(outcomes == ["101": open, "503": 2000 - open])
    try await engine.reaches(openCount: open)
    let refusals = try await engine.json("stats")["refusals"]?.array ?? []
    #expect(refusals.first?["reason"]?.string == "too-many-handshakes")
    #expect(refusals.first?["count"]?.int == 2000 - open)
    try await flood.end()
  }
}
