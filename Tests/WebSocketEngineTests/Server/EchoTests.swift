import EventLoop
import Glibc
import TestSupport
import Testing
import Vocabulary
import WebSocketProtocol

@testable import WebSocketEngine

@Suite("Echo over real sockets", .limited, .timeLimit(.minutes(10)))
struct EchoTests {
  static let faces = ["/echo", "/echo-async"]
  static let sizes = [0, 1, 125, 126, 65_535, 65_536, 65_537, 131_072, 1 << 20]

  @Test(
    "Messages come back whole and as what they were", arguments: EchoTests.faces, EchoTests.sizes)
  func echo(_ target: String, _ size: Int) async throws {
    try await withServer { fixture in
      let client = try await fixture.session(target)
      let bytes = pattern(size)
      let ascii = bytes.map { $0 & 0x7F }
      try await client.send(bytes)
      #expect(try await client.nextAnsweringPings() == .binary(bytes))
      try await client.send(.text, ascii)
      #expect(
        try await client.nextAnsweringPings() == .text(String(decoding: ascii, as: UTF8.self)))
      try await eventually("the counts") { try fixture.onlySession().messagesOut == 2 }
      let sample = try fixture.onlySession()
      #expect(sample.messagesIn == 2)
      #expect(sample.messagesOut == 2)
      #expect(sample.bytesIn == 2 * size)
      #expect(sample.largestIn == size)
      #expect(sample.largestOut == size)
      client.close()
    }
  }

  @Test(
    "Around fragment-bytes a message leaves in as few frames as it may",
    arguments: EchoTests.faces, [999, 1000, 1001, 2000, 2001, 40_000])
  func fragments(_ target: String, _ size: Int) async throws {
    try await withServer(["fragment-bytes=1000"]) { fixture in
      let client = try await fixture.session(target)
      let bytes = pattern(size)
      try await client.send(bytes)
      var frames: [TestClient.Frame] = []
      repeat { frames.append(try await client.nextFrame()) } while frames.last?.isFinal == false
      #expect(frames.count == max(1, (size + 999) / 1000))
      #expect(frames.first?.opcode == 2)
      #expect(frames.dropFirst().allSatisfy { $0.opcode == 0 })
      #expect(frames.dropLast().allSatisfy { $0.payload.count == 1000 })
      #expect(frames.flatMap(\.payload) == bytes)
    }
  }

  @Test(
    "Text longer than a fragment stays one text message, cut anywhere (B6)",
    arguments: EchoTests.faces)
  func longText(_ target: String) async throws {
    try await withServer(["fragment-bytes=125"]) { fixture in
      let client = try await fixture.session(target)
      let text = String(repeating: "naïve Ω 漢字 🙂 ", count: 700)
      try await client.send(text)
      var frames: [TestClient.Frame] = []
      repeat { frames.append(try await client.nextFrame()) } while frames.last?.isFinal == false
      #expect(frames.first?.opcode == 1)
      #expect(frames.dropFirst().allSatisfy { $0.opcode == 0 })
      #expect(frames.contains { String(validating: $0.payload, as: UTF8.self) == nil })
      #expect(String(decoding: frames.flatMap(\.payload), as: UTF8.self) == text)
      try await client.send(text)
      #expect(try await client.nextAnsweringPings() == .text(text))
    }
  }

  @Test(
    "A client that sends 64 MiB before it reads gets all of it back (design §4.7)",
    .inTheClear, arguments: EchoTests.faces, [65_536, 1 << 20])
  func pipelining(_ target: String, _ size: Int) async throws {
    try await withServer { fixture in
      let client = try await fixture.session(target)
      try await expectPipelinedEcho(client, messageByteCount: size, totalByteCount: 64 << 20)
      #expect(await fixture.closes(1008, by: .limit) == 0)
    }
  }

  @Test(
    "Pipelining many small messages gets them all back, however small backlog-bytes is",
    .inTheClear, arguments: EchoTests.faces, ["1KiB", "64KiB"])
  func pipeliningSmall(_ target: String, _ backlog: String) async throws {
    try await withServer(["backlog-bytes=\(backlog)"]) { fixture in
      let client = try await fixture.session(target, receiveBufferByteCount: 4096)
      try await expectPipelinedEcho(client, messageByteCount: 100, totalByteCount: 8 << 20)
      #expect(fixture.server.ledger.snapshot().closeCount == 0)
    }
  }

  @Test(
    "A message comes back to a peer with a tiny window, at every size", arguments: EchoTests.faces)
  func tinyWindow(_ target: String) async throws {
    try await withServer(["fragment-bytes=3000"]) { fixture in
      let client = try await fixture.session(target, receiveBufferByteCount: 2048)
      for size in [3000, 100_000, 1 << 20] {
        let bytes = pattern(size, seed: size)
        try await client.send(bytes)
        #expect(try await client.nextAnsweringPings() == .binary(bytes))
      }
      try await eventually("an empty backlog") { await fixture.bufferedByteCount == 0 }
      #expect(try fixture.onlySession().backlog == 0)
      #expect(try fixture.onlySession().backlogPeak > 0)
      client.close()
    }
  }

  /// Sends without reading for as long as the server takes input, then reads while sending the
  /// rest; what comes back must be the same frames, unmasked, in order.
  private func expectPipelinedEcho(
    _ client: TestClient, messageByteCount: Int, totalByteCount: Int
  ) async throws {
    let payload = pattern(messageByteCount)
    let out = client.frame(.binary, payload)
    let repetitions = max(1, (1 << 20) / messageByteCount)
    var batch: [UInt8] = []
    for _ in 0..<repetitions { batch += out }
    let batchCount = totalByteCount / (messageByteCount * repetitions)
    let descriptor = client.descriptor
    let input = batch
    // The sender is a task of its own, and the reader begins when the sender is stuck.
    let stuck = Recorder<Void>()
    let sender = Task {
      for _ in 0..<batchCount {
        var sent = 0
        while sent < input.count {
          switch Syscalls.send(descriptor, input.span.extracting(sent..<input.count)) {
          case .bytes(let count): sent += count
          case .wouldBlock:
            if await !Waiting.shared.wait(
              for: descriptor, POLLOUT, timeout: .milliseconds(300))
            {
              stuck.note(())
            }
          case .failed(let number): throw SystemError(call: "send", number: number)
          }
        }
      }
      stuck.note(())
    }
    _ = try await stuck.all(atLeast: 1)
    var count = 0
    while count < batchCount * repetitions {
      let next = try await client.next()
      guard case .binary(let bytes) = next else {
        Issue.record("\(next) instead of the echo of message \(count)")
        break
      }
      if !areEqual(bytes, payload) {
        let place = zip(bytes, payload).enumerated().first { $1.0 != $1.1 }?.offset
        Issue.record("message \(count) differs from \(place ?? -1) on: \(bytes.count) bytes")
        break
      }
      count += 1
    }
    try await sender.value
    #expect(count == batchCount * repetitions)
  }
}
