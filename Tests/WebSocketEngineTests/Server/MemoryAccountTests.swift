import EventLoop
import TestSupport
import Testing
import Vocabulary
import WebSocketProtocol

@testable import WebSocketEngine

@Suite("The account of what is held for others", .limited, .timeLimit(.minutes(10)))
struct MemoryAccountTests {
  /// Members of room `a` that read nothing.
  private func silentMembers(_ count: Int, of fixture: ServerFixture) async throws -> [TestClient] {
    var members: [TestClient] = []
    for _ in 0..<count {
      members.append(try await fixture.session("/room/a", receiveBufferByteCount: 4096))
    }
    try await eventually("members") { fixture.server.rooms.memberCount(of: "a") == count }
    return members
  }

  @Test("Messages of a byte stand in a backlog for what they take: its limit holds", .inTheClear)
  func tinyMessages() async throws {
    let limit = 64 << 10
    let count = 3
    try await withServer(
      ["backlog-bytes=\(limit)B", "backlog-policy=drop"], routes: FairnessTests.chat
    ) { fixture in
      let members = try await silentMembers(count, of: fixture)
      let silent = Set(await fixture.server.rooms.members(of: "a"))
      let sender = try await fixture.session("/room/a")
      try await eventually("a sender") { fixture.server.rooms.memberCount(of: "a") == count + 1 }
      let senderID = await fixture.server.rooms.members(of: "a").first { !silent.contains($0) }
      // First the kernel's buffers, for which a byte at a time would take too long.
      let filler = Array(repeating: UInt8(7), count: 4 << 10)
      while await fixture.bufferedByteCount < count * 16 << 10 {
        try await fixture.server.rooms.broadcast(
          filler, as: .binary, to: "a", excluding: senderID)
      }
      var bytes: [UInt8] = []
      for _ in 0..<10_000 { bytes += sender.frame(.binary, [7]) }
      var largest = 0
      for _ in 0..<10 { try await sender.send(raw: bytes) }
      // The kernel takes more from some than from others: one backlog is full before the next.
      try await eventually("every backlog at its limit, where messages are dropped") {
        largest = max(largest, await fixture.bufferedByteCount)
        return await fixture.count(.droppedMessages) >= count * 1000
          && largest >= count * limit * 9 / 10
      }
      // Beside the backlogs there is what the sender has in one turn.
      #expect(largest <= count * limit * 11 / 10 + (1 << 20))
      for client in members { client.reset() }
    }
  }

  @Test("What many are sent is counted once, from its first backlog to its last", .inTheClear)
  func broadcasts() async throws {
    try await withServer(["backlog-bytes=1GiB"], routes: FairnessTests.chat) { fixture in
      let members = try await silentMembers(10, of: fixture)
      let message = Array(repeating: UInt8(7), count: 64 << 10)
      let count = 100
      for _ in 0..<count {
        #expect(try await fixture.server.rooms.broadcast(message, as: .binary, to: "a") == 10)
      }
      let all = count * message.count
      #expect(await fixture.bufferedByteCount > all / 4, "the kernel holds some")
      #expect(await fixture.bufferedByteCount <= all + (256 << 10))
      for client in members.dropLast() { client.reset() }
      try await eventually("one member") { await fixture.count(.openNow) == 1 }
      #expect(await fixture.bufferedByteCount > all / 4, "the last backlog holds them")
      for client in members { client.reset() }
      try await eventually("nothing held") { await fixture.bufferedByteCount == 0 }
    }
  }

  @Test("Where broadcasts alone fill the memory, those who read least go", .inTheClear)
  func sheds() async throws {
    try await withServer(
      ["backlog-bytes=1GiB", "buffered-bytes=4MiB"], reactors: 2, routes: FairnessTests.chat
    ) { fixture in
      let silent = try await silentMembers(6, of: fixture)
      let reader = try await fixture.session("/room/a")
      let message = Array(repeating: UInt8(7), count: 256 << 10)
      for _ in 0..<80 {
        try await fixture.server.rooms.broadcast(message, as: .binary, to: "a")
        #expect(try await reader.next() == .binary(message))
      }
      #expect(await fixture.closes(1008, by: .limit) == silent.count)
      try await eventually("memory below the limit") {
        await fixture.bufferedByteCount <= 4 << 20
      }
      try await fixture.expectAlive()
      for client in silent { client.reset() }
    }
  }

  @Test("A long path is in the account for as long as its session lives", .inTheClear)
  func longPath() async throws {
    try await withServer(["header-bytes=64KiB"], routes: FairnessTests.chat) { fixture in
      let path = "/room/" + String(repeating: "a", count: 16 << 10)
      let client = try await fixture.session(path)
      try await eventually("the path") { await fixture.bufferedByteCount >= 32 << 10 }
      try await client.sendClose(.normalClosure)
      try await eventually("nothing held") { await fixture.bufferedByteCount == 0 }
    }
  }
}
