import TestSupport
import Testing

@Suite("Traffic, in the console and as a command", .workspace, .limited, .timeLimit(.minutes(15)))
struct TrafficTests {
  @Test(
    "Graphs and sizes are of what a client sent, with the limit of the route",
    arguments: [
      (80, 24), (200, 50),
    ])
  func console(columns: Int, rows: Int) async throws {
    let engine = try await Engine.start()
    let client = try await Client.connect(engine.url("/ws/echo"))
    for size in [100, 100, 3000] {
      try await client.send(byteCount: size)
      _ = try await client.receive()
    }
    #expect(
      try await engine.wstop("limits set", "message-bytes=8KiB", "--route", "/ws/echo").exitCode
        == 0)
    let console = try await Terminal.console(engine, columns: columns, rows: rows)
    try await console.press("2")
    try await console.wait(for: "sizes of all 5 routes")
    try await console.wait(
      for: "limit 1.0 MiB", "messages in", "bytes out", "sessions  1", "handshakes")
    try await console.press("j")
    try await console.wait(for: "sizes of /ws/echo")
    try await console.wait(for: "limit 8.0 KiB")
    try await console.press("Right")
    try await console.wait(for: "[1h]")
    try await console.resize(columns: 20, rows: 5)
    try await console.wait("a small picture") { $0.lines.allSatisfy { $0.count <= 20 } }
    try await console.resize(columns: columns, rows: rows)
    try await console.wait(for: "[1h]")
    try await console.press("k", "k")
    try await console.wait(forEndOf: "sizes of /ws/echo,")
  }

  @Test("The command has the same numbers as a table, as JSON and as CSV")
  func command() async throws {
    let engine = try await Engine.start()
    let client = try await Client.connect(engine.url("/ws/echo"))
    try await client.send(byteCount: 100)
    _ = try await client.receive()
    let sizes = try await engine.wstop("traffic", "--show", "sizes", "--window", "1h")
    #expect(sizes.rows == [["100", "103", "1", "1"]])
    let csv = try await engine.wstop("traffic", "--show", "sizes", "--csv")
    #expect(csv.text == "from-bytes,to-bytes,messages-in,messages-out\n100,103,1,1\n")
    let json = try await engine.json("traffic", "--route", "/ws/echo")
    #expect(json["sizesIn"]?["count"]?.int == 1)
    #expect(json["messageBytes"]?.string == "1MiB")
    let rates = try await eventually("the message is in a second's rates") {
      let rates = try await engine.wstop("traffic", "--window", "1m")
      return rates.rows.contains { $0.count == 9 && $0[1] != "0" } ? rates : nil
    }
    #expect(rates.rows.allSatisfy { $0.count == 9 })
    #expect(try await engine.wstop("traffic", "--route", "/no").failed(1, "no such route"))
    #expect(try await engine.wstop("traffic", "--window", "2m").failed(64, "1m, 5m, 1h, 24h"))
  }
}
