import Foundation
import Glibc
import TestSupport
import Testing

@Suite("An engine out of descriptors", .workspace, .limited, .timeLimit(.minutes(15)))
struct DescriptorTests {
  @Test("Accepting pauses, the control socket answers, nothing spins, and it goes on by itself")
  func exhaustion() async throws {
    let engine = try await Engine.start(
      "--reactors", "1", "--set", "handshake-timeout=1h", descriptorCount: 100)
    // More connections than there are descriptors, none of which says anything.
    let silent = try (0..<110).map { _ in try Self.connect(to: engine.port) }
    try await until("no event tells that accepting pauses") {
      try await engine.wstop("events").text.contains("accepting pauses")
    }
    for _ in 0..<8 { #expect(try await engine.wstop("stats").exitCode == 0) }
    let before = try Self.processorTicks(of: engine.process.processID)
    try await Task.sleep(for: .seconds(1))
    let ticks = try Self.processorTicks(of: engine.process.processID) - before
    #expect(ticks < 30, "a processor has 100 ticks a second")
    for descriptor in silent { close(descriptor) }
    let client = try await Client.connect(engine.url("/ws/echo"))
    try await client.send("still there")
    #expect(try await client.receive() == .text("still there"))
    try await until("no event tells that accepting goes on") {
      try await engine.wstop("events").text.contains("accepting goes on after")
    }
  }

  @Test("What tasks sleep on is open before the first client, who could take the last descriptor")
  func timers() async throws {
    let engine = try await Engine.start("--reactors", "1")
    let directory = "/proc/\(engine.process.processID)/fd"
    let polls = try FileManager.default.contentsOfDirectory(atPath: directory).count { name in
      let target = try? FileManager.default.destinationOfSymbolicLink(
        atPath: "\(directory)/\(name)")
      return target?.contains("eventpoll") ?? false
    }
    #expect(polls == 3, "those of the reactor, of the control API and of the system's timers")
  }

  @Test("Sessions leave the engine the descriptors that it has, and few more", arguments: [1, 16])
  func reserve(reactors: Int) async throws {
    let count = 300
    let engine = try await Engine.start("--reactors", "\(reactors)", descriptorCount: count)
    let statistics = try await engine.json("stats")
    let limit = try #require(statistics["sessions"]?["limit"]?.number)
    let directory = "/proc/\(engine.process.processID)/fd"
    let open = try FileManager.default.contentsOfDirectory(atPath: directory).count
    #expect(Int(limit) + open <= count)
    // Sixteen are in reserve, and some are for a history, logs and clients of the control API.
    #expect(Int(limit) + open >= count - 40 - reactors)
  }

  @Test("Where there are too few descriptors to start, one line says so", arguments: 16...40)
  func tooFew(count: Int) async throws {
    let process = try Workspace.current.start(
      "/bin/sh",
      [
        "-c", "ulimit -n \(count); exec \"$0\" \"$@\"", Program.path, "serve", "--name",
        "few-\(count)", "--listen", "127.0.0.1:0", "--reactors", "1",
      ])
    _ = try await eventually("it neither starts nor ends") {
      process.exitCode != nil || process.output.isEmpty == false ? true : nil
    }
    guard let code = process.exitCode else { return process.end() }
    #expect(code == 1, "\(process.errors)")
    #expect(process.errors.contains("Too many open files"))
    #expect(process.errors.split(separator: "\n").count == 1)
  }

  /// A connection that says nothing, as the kernel accepts it for the listener.
  private static func connect(to port: Int) throws -> Int32 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    let result = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    try #require(result == 0, "connect: \(errno)")
    return descriptor
  }

  /// The time that a process has used of a processor, in hundredths of a second (proc(5)).
  private static func processorTicks(of processID: Int32) throws -> Int {
    let text = try String(contentsOfFile: "/proc/\(processID)/stat", encoding: .utf8)
    let fields = try #require(text.split(separator: ")").last).split(separator: " ")
    return try #require(Int(fields.at(11))) + #require(Int(fields.at(12)))
  }
}
