import EventLoop
import TestSupport
import Testing
import Vocabulary
import WebSocketProtocol

@testable import WebSocketEngine

@Suite("Waiting for a message in the asynchronous face", .limited, .timeLimit(.minutes(10)))
struct AsyncReceiveTests {
  @Test("Of two tasks that receive at once the second is told")
  func concurrentReceive() async throws {
    let errors = Recorder<String>()
    try await withServer { router in
      try router.webSocket("/two") { socket in
        try await socket.accept()
        await withTaskGroup { group in
          for _ in 0..<2 {
            group.addTask {
              errors.note(
                await AsyncFaceTests.error { errors.note("\(try await socket.receive())") })
            }
          }
        }
      }
    } _: { fixture in
      let client = try await fixture.session("/two")
      try await eventually("the second") { errors.count == 1 }
      try await client.send("for one")
      #expect(
        try await errors.all(atLeast: 3) == ["concurrentReceive", "text(\"for one\")", "nothing"])
    }
  }

  @Test("A receive that waits ends with its task's cancellation, on and off the reactor")
  func cancellation() async throws {
    let errors = Recorder<String>()
    try await withServer { router in
      try router.webSocket("/cancel") { socket in
        try await socket.accept()
        let detached = Task.detached(priority: .high) {
          await AsyncFaceTests.error { _ = try await socket.receive() }
        }
        try await socket.send("waiting")
        detached.cancel()
        errors.note(await detached.value)
        // Cancelled before it begins.
        let gate = Recorder<Void>()
        let early = Task.detached(priority: .high) {
          while gate.count == 0 { await Task.yield() }
          return await AsyncFaceTests.error { _ = try await socket.receive() }
        }
        early.cancel()
        gate.note(())
        errors.note(await early.value)
        async let child = AsyncFaceTests.error { _ = try await socket.receive() }
        try await socket.send("over")
        errors.note(await child)
      }
    } _: { fixture in
      let client = try await fixture.session("/cancel")
      #expect(try await client.next() == .text("waiting"))
      #expect(try await client.next() == .text("over"))
      try await client.send("last")
      #expect(
        try await errors.all(atLeast: 3)
          == ["CancellationError()", "CancellationError()", "nothing"])
    }
  }

  @Test("Whoever was refused a concurrent receive and is cancelled ends nobody else's")
  func cancellationOfAnother() async throws {
    let errors = Recorder<String>()
    try await withServer { router in
      try router.webSocket("/other") { socket in
        try await socket.accept()
        async let first = AsyncFaceTests.error { _ = try await socket.receive() }
        for _ in 0..<200 {
          let other = Task.detached(priority: .high) {
            await AsyncFaceTests.error { _ = try await socket.receive() }
          }
          other.cancel()
          errors.note(await other.value)
        }
        try await socket.send("still waiting")
        errors.note(await first)
      }
    } _: { fixture in
      let client = try await fixture.session("/other")
      #expect(try await client.next() == .text("still waiting"))
      #expect(errors.count == 200)
      try await client.send("go")
      #expect(try await errors.all(atLeast: 201).last == "nothing")
    }
  }
}
