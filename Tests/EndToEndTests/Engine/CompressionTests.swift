import Foundation
import TestSupport
import Testing

@Suite(
  "Compression with a client nobody here wrote", .workspace, .limited, .timeLimit(.minutes(15)))
struct CompressionTests {
  @Test("Messages go both ways, and the details tell how", arguments: ["shared", "dedicated"])
  func details(_ mode: String) async throws {
    let engine = try await Engine.start("--compression", mode, "--set", "ping-interval=off")
    let client = try await Client.connect(engine.url("/ws/echo"))
    let plain = try await RawClient.connect(engine)
    #expect(try await plain.open(Array("/ws/echo".utf8)) == 101)
    for (byteCount, isText) in [(200, true), (5000, false), (300_001, true), (1 << 20, false)] {
      let digest = try await client.send(byteCount: byteCount, asText: isText)
      let received = try await client.receive()
      if byteCount > 4096 {
        #expect(received == .long(byteCount: byteCount, digest: digest, isText: isText))
      }
    }
    let id = try await engine.id(of: client)
    let row = try await eventually("the messages are counted") {
      let rows = try await engine.json("sessions", "--filter", "compressed")["sessions"]?.array
      return rows?.first?["messagesOut"]?.int == 4 ? rows : nil
    }
    #expect(row.map { $0["id"]?.string } == [id])
    try await until("the plain one is listed") {
      try await engine.json("sessions", "--filter", "!compressed")["total"]?.int == 1
    }
    let sent = try #require(row.first?["bytesOut"]?.int)
    #expect(sent == 200 + 5000 + 300_001 + 1 << 20)
    #expect(try #require(row.first?["wireBytesOut"]?.int) * 10 < sent)
    let compression = try await engine.json("show", id)["compression"]
    #expect(compression?["name"]?.string == "permessage-deflate")
    #expect(compression?["mode"]?.string == mode)
    // This client offers client_max_window_bits and nothing else.
    #expect(
      compression?["parameters"]?.string
        == (mode == "shared"
          ? "server_no_context_takeover; client_no_context_takeover"
          : "client_max_window_bits=12"))
    #expect(compression?["ratioIn"]?.number ?? 0 > 10)
    #expect(compression?["ratioOut"]?.number ?? 0 > 10)
    let text = try await engine.wstop("show", id).text
    #expect(text.contains("permessage-deflate, \(mode), in "))
  }

  @Test("Turned off, no offer is accepted, and messages go plain")
  func off() async throws {
    let engine = try await Engine.start("--compression", "off")
    let client = try await Client.connect(engine.url("/ws/echo"))
    let digest = try await client.send(byteCount: 5000)
    #expect(
      try await client.receive() == .long(byteCount: 5000, digest: digest, isText: false))
    #expect(try await engine.json("sessions", "--filter", "compressed")["total"]?.int == 0)
    let outcome = try await run(Program.path, ["serve", "--compression", "always"])
    #expect(outcome.exitCode == 64)
    #expect(outcome.errors.contains("always: wants off, shared, dedicated"))
  }

  @Test(
    "A message that inflates to 1 GiB costs 1009 and no memory", arguments: ["shared", "dedicated"])
  func bomb(_ mode: String) async throws {
    let engine = try await Engine.start(
      "--reactors", "1", "--compression", mode, "--set", "ping-interval=off")
    let client = try await Client.connect(engine.url("/ws/echo"))
    // Everything that is made when it is first needed is there.
    let digest = try await client.send(byteCount: 1 << 20)
    let echo = try await client.receive()
    #expect(echo == .long(byteCount: 1 << 20, digest: digest, isText: false))
    let before = try Self.peakKibibytes(of: engine.process.processID)
    for count in 1...3 {
      let raw = try await RawClient.connect(engine)
      let offer = ("Sec-WebSocket-Extensions", Array("permessage-deflate".utf8))
      #expect(try await raw.open(Array("/ws/echo".utf8), fields: [offer]) == 101)
      let byteCount = try await raw.sendBomb(mebibytes: 1024)
      #expect(byteCount < 1_180_000, "so that its declared length alone is no reason")
      let answer = try await raw.readToEnd()
      #expect(Array(answer.prefix(4)) == [0x88, 17, 0x03, 0xF1])
      try await until("it is counted") { try await engine.closes(1009, by: "limit") == count }
    }
    let growth = try Self.peakKibibytes(of: engine.process.processID) - before
    #expect(growth < 16 << 10, "KiB of memory at the peak")
    try await client.send("alive")
    #expect(try await client.receive() == .text("alive"))
  }

  /// The most memory that a process has had, in KiB (proc(5)).
  private static func peakKibibytes(of processID: Int32) throws -> Int {
    let text = try String(contentsOfFile: "/proc/\(processID)/status", encoding: .utf8)
    let match = try #require(text.firstMatch(of: /VmHWM:\s+([0-9]+) kB/))
    return try #require(Int(match.1))
  }
}
