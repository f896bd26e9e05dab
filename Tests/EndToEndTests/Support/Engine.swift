import Foundation
import Testing

/// An engine in the foreground of its own process, with a listener on a free port.
struct Engine: Sendable {
  /// Its name.
  let name: String
  /// The process of `wstop serve`.
  let process: Subprocess
  /// The port that it listens on.
  let port: Int

  /// Starts an engine and waits until it says that it listens.
  ///
  /// - Parameters:
  ///   - descriptorCount: how many descriptors it may open, if not as many as the test.
  ///   - stackKibibytes: how large the stack of each thread is, if not as the test's.
  static func start(
    _ arguments: String..., name: String = "x", environment: [String: String] = [:],
    descriptorCount: Int? = nil, stackKibibytes: Int? = nil
  ) async throws -> Engine {
    try await start(
      arguments, name: name, environment: environment, descriptorCount: descriptorCount,
      stackKibibytes: stackKibibytes)
  }

  /// Starts an engine with flags that were put together elsewhere.
  static func start(
    _ arguments: [String], name: String = "x", environment: [String: String] = [:],
    descriptorCount: Int? = nil, stackKibibytes: Int? = nil
  ) async throws -> Engine {
    let words = ["serve", "--name", name, "--listen", "127.0.0.1:0"] + arguments
    let bounds =
      [descriptorCount.map { "ulimit -n \($0); " }, stackKibibytes.map { "ulimit -s \($0); " }]
      .compactMap(\.self).joined()
    let process: Subprocess
    if !bounds.isEmpty {
      process = try Workspace.current.start(
        "/bin/sh", ["-c", bounds + "exec \"$0\" \"$@\"", Program.path] + words,
        environment: environment)
    } else {
      process = try Workspace.current.start(Program.path, words, environment: environment)
    }
    let line = try await eventually("no engine listens: \(process.errors)") {
      if let code = process.exitCode { throw Failed(code: code, errors: process.errors) }
      let text = String(decoding: process.output, as: UTF8.self)
      return text.contains("\n") ? text : nil
    }
    let match = try #require(line.firstMatch(of: /listening on 127\.0\.0\.1:([0-9]+)/))
    return Engine(name: name, process: process, port: try #require(Int(match.1)))
  }

  /// The engine did not start.
  struct Failed: Error {
    var code: Int32
    var errors: String
  }

  /// The URL of a path on its listener.
  func url(_ path: String) -> String { "ws://127.0.0.1:\(port)\(path)" }

  /// The port of its first listener that speaks TLS.
  var securePort: Int {
    get throws {
      let line = String(decoding: process.output, as: UTF8.self)
      let match = try #require(line.firstMatch(of: /127\.0\.0\.1:([0-9]+) tls/))
      return try #require(Int(match.1))
    }
  }

  /// The URL of a path on that listener.
  func secureURL(_ path: String) throws -> String { "wss://localhost:\(try securePort)\(path)" }

  /// Runs a command of `wstop` on this engine.
  func wstop(_ command: String, _ arguments: String...) async throws -> Outcome {
    try await run(Program.path, words(command, arguments))
  }

  /// Runs a command of `wstop` with `--json` and reads its answer.
  func json(_ command: String, _ arguments: String...) async throws -> JSON {
    let outcome = try await run(Program.path, words(command, arguments + ["--json"]))
    guard outcome.exitCode == 0 else {
      throw Failed(code: outcome.exitCode, errors: outcome.errors)
    }
    return try JSON(outcome.output)
  }

  /// `limits set` is two words: the name of the engine comes after both.
  private func words(_ command: String, _ arguments: [String]) -> [String] {
    command.split(separator: " ").map(String.init) + ["--name", name] + arguments
  }

  /// How many sessions were closed with a code, by one kind of initiator.
  func closes(_ code: Int, by who: String) async throws -> Int {
    let closes = try await json("stats")["closes"]?.array ?? []
    return closes.first { $0["code"]?.int == code && $0["by"]?.string == who }?["count"]?.int ?? 0
  }

  /// How many sessions are open.
  func openCount() async throws -> Int? {
    try await json("stats")["sessions"]?["open"]?.int
  }

  /// Waits until so many sessions are open: an engine publishes its counts at the end of a turn, when
  /// a client may have seen what they are of.
  func reaches(openCount count: Int) async throws {
    try await until("\(count) open sessions") { try await openCount() == count }
  }

  /// The rows of the open sessions, in the order they came.
  func sessions() async throws -> [JSON] {
    try await json("sessions")["sessions"]?.array ?? []
  }

  /// The ID of the session whose client has a local port.
  func id(of client: Client) async throws -> String {
    try await eventually("no session of port \(client.port)") {
      try await sessions().first { $0["port"]?.int == client.port }?["id"]?.string
    }
  }
}
