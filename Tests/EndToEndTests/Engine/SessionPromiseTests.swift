import Foundation
import TestSupport
import Testing

@Suite(
  "What sessions are promised, seen from outside", .workspace, .limited, .timeLimit(.minutes(15)))
struct SessionPromiseTests {
  @Test("B3: a handler that throws gives its peer 1011, and the log the error")
  func throwing() async throws {
    let engine = try await Engine.start("--set", "rooms-per-session=0")
    let client = try await Client.connect(engine.url("/ws/chat/lobby"))
    #expect(try await client.closed().code == 1011)
    #expect(try await engine.closes(1011, by: "handler") == 1)
    try await until("the log tells the error: \(engine.process.errors)") {
      engine.process.errors.contains("/ws/chat/{room}")
    }
    _ = try await Client.connect(engine.url("/ws/echo"))
  }

  @Test("B4: the peer's close code and reason reach the statistics")
  func peerCloses() async throws {
    let engine = try await Engine.start()
    for code in [1000, 1001, 3000, 4999] {
      let client = try await Client.connect(engine.url("/ws/echo"))
      #expect(try await client.close(code, "bye").code == code)
      try await until("\(code) is counted") { try await engine.closes(code, by: "peer") == 1 }
    }
    let vanishing = try await Client.connect(engine.url("/ws/echo"))
    try await vanishing.vanish()
    try await until("1006 is counted") { try await engine.closes(1006, by: "network") == 1 }
    try await engine.reaches(openCount: 0)
  }

  @Test("B5: a message that announces too much ends in 1009 before its bytes have come")
  func announced() async throws {
    let engine = try await Engine.start(
      "--set", "message-bytes=1KiB", "--set", "ping-interval=off")
    let client = try await RawClient.connect(engine)
    #expect(try await client.open(Array("/ws/echo".utf8)) == 101)
    // A header that declares 60 MiB, and nothing behind it.
    try await client.send([0x82, 0xFF, 0, 0, 0, 0, 0x03, 0xC0, 0, 0, 1, 2, 3, 4])
    let answer = try await client.readToEnd()
    #expect(Array(answer.prefix(1)) == [0x88])
    #expect(Array(answer.dropFirst(2).prefix(2)) == [0x03, 0xF1])
    #expect(try await engine.closes(1009, by: "limit") == 1)
  }

  @Test("B5: fragments that together are too much end in 1009")
  func fragments() async throws {
    let engine = try await Engine.start("--set", "message-bytes=1KiB")
    let client = try await Client.connect(engine.url("/ws/echo"))
    try await client.send(parts: 8, byteCount: 128)
    guard case .binary(let bytes) = try await client.receive() else {
      Issue.record("1 KiB in fragments is not over the limit")
      return
    }
    #expect(bytes.count == 1024)
    try await client.send(parts: 9, byteCount: 128)
    #expect(try await client.closed().code == 1009)
  }

  @Test("B9: a member that does not read keeps nothing from the others")
  func slowMember() async throws {
    // Compressed, what is said here would be too little to fill any backlog; and one that does not
    // read owes pongs as well.
    let engine = try await Engine.start(
      "--set", "backlog-bytes=1MiB", "--set", "message-bytes=1MiB", "--set", "ping-interval=off",
      "--compression", "off")
    let url = engine.url("/ws/chat/lobby")
    let deaf = try await Client.connect(url, reads: false)
    let speaker = try await Client.connect(url)
    let listener = try await Client.connect(url)
    let deafID = try await engine.id(of: deaf)
    // More than the sockets between them hold, however large their buffers are, so that the backlog
    // fills.
    for _ in 0..<16 {
      for _ in 0..<40 {
        let digest = try await speaker.send(byteCount: 256 << 10)
        #expect(
          try await listener.receive()
            == .long(byteCount: 256 << 10, digest: digest, isText: false))
      }
      if try await engine.closes(1008, by: "limit") > 0 { break }
    }
    // The member that does not read is the one that pays for it.
    try await until("the slow consumer is closed") {
      try await engine.closes(1008, by: "limit") == 1
    }
    let row = try await engine.sessions().first { $0["id"]?.string == deafID }
    #expect(row == nil || row?["state"]?.string == "closing")
  }

  @Test("B12: the live count is true, and the cap on sessions holds")
  func cap() async throws {
    let engine = try await Engine.start("--set", "sessions=3", "--reactors", "2")
    let clients = try await Client.connect(engine.url("/ws/echo"), count: 3)
    try await engine.reaches(openCount: 3)
    await #expect(throws: Client.Refused(status: 503)) {
      try await Client.connect(engine.url("/ws/echo"))
    }
    try await clients[0].close()
    try await until("two are left") { try await engine.openCount() == 2 }
    // The count comes a moment before the place.
    _ = try await eventually("a place is free") {
      try? await Client.connect(engine.url("/ws/echo"))
    }
    try await engine.reaches(openCount: 3)
  }

  @Test("B12: the cap on sessions of one address holds")
  func capOfAddress() async throws {
    let engine = try await Engine.start("--set", "sessions-per-address=1")
    _ = try await Client.connect(engine.url("/ws/echo"))
    await #expect(throws: Client.Refused(status: 429)) {
      try await Client.connect(engine.url("/ws/echo"))
    }
    let refusals = try await engine.json("stats")["refusals"]?.array ?? []
    #expect(refusals.contains { $0["status"]?.int == 429 && $0["count"]?.int == 1 })
  }

  @Test("A client that breaks the protocol ends with its code and costs nobody else anything")
  func violations() async throws {
    let engine = try await Engine.start("--set", "ping-interval=off")
    let honest = try await Client.connect(engine.url("/ws/echo"))
    let cases: [([UInt8], UInt8)] = [
      ([0x81, 0x02, 0x68, 0x69], 0xEA),  // not masked: 1002
      ([0xC1, 0x80, 0, 0, 0, 0], 0xEA),  // a reserved bit: 1002
      ([0x81, 0x82, 0, 0, 0, 0, 0xC3, 0x28], 0xEF),  // text that is not UTF-8: 1007
    ]
    for (bytes, low) in cases {
      let client = try await RawClient.connect(engine)
      #expect(try await client.open(Array("/ws/echo".utf8)) == 101)
      try await client.send(bytes)
      let answer = try await client.readToEnd()
      #expect(Array(answer.prefix(4).suffix(2)) == [0x03, low], "\(bytes)")
    }
    #expect(try await engine.closes(1002, by: "protocol") == 2)
    #expect(try await engine.closes(1007, by: "protocol") == 1)
    try await honest.send("alive")
    #expect(try await honest.receive() == .text("alive"))
  }
}
