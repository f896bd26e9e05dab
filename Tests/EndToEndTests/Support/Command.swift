import Foundation

/// What a program that has ended left behind.
struct Outcome: CustomStringConvertible {
  var exitCode: Int32
  var output: Data
  var errors: String

  /// The standard output as text.
  var text: String { String(decoding: output, as: UTF8.self) }

  /// The standard output's lines, each cut at its tabs.
  var rows: [[String]] {
    text.split(separator: "\n").map { line in
      line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    }
  }

  var description: String { "exit \(exitCode), output: \(text), errors: \(errors)" }

  /// Whether it failed with a code and one line on the standard error that has all of the words.
  func failed(_ code: Int32, _ words: String...) -> Bool {
    exitCode == code && errors.hasSuffix("\n") && errors.dropLast().contains("\n") == false
      && words.allSatisfy { errors.contains($0) }
  }
}

/// Runs a program to its end.
func run(
  _ path: String, _ arguments: [String], environment: [String: String] = [:],
  input: Subprocess.Input = .null
) async throws -> Outcome {
  let process = try Workspace.current.start(
    path, arguments, environment: environment, input: input)
  let code = try await process.waitForExit()
  return Outcome(exitCode: code, output: process.output, errors: process.errors)
}

/// Runs `wstop` to its end.
func wstop(
  _ arguments: String..., environment: [String: String] = [:], input: Subprocess.Input = .null
) async throws -> Outcome {
  try await run(Program.path, arguments, environment: environment, input: input)
}

/// Runs a line of shell, in which `$WSTOP` is the program.
func shell(_ line: String) async throws -> Outcome {
  try await run("/bin/sh", ["-c", line], environment: ["WSTOP": Program.path])
}
