import Foundation
import Synchronization

/// The Python program that holds the clients of a test; one line of JSON in, one out.
final class ClientProcess: Sendable {
  private let process: Subprocess
  private let lastNumber = Mutex(0)

  private init() throws {
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("clients.py").path
    process = try Workspace.current.start(
      "/usr/bin/python3", ["-I", "-B", script], input: .written)
  }

  /// The one of the test that runs.
  static func ofTest() async throws -> ClientProcess {
    try Workspace.current.clients { try ClientProcess() }
  }

  /// Asks for something and waits until it is done.
  func ask(_ request: ClientRequest) async throws -> ClientAnswer {
    var request = request
    let number = lastNumber.withLock { number in
      number += 1
      return number
    }
    request.number = number
    try process.write(try JSONEncoder().encode(request) + [0x0A])
    return try await eventually(
      "no answer to \(request.op) of \(request.name ?? "-"): \(process.errors)",
      within: patience + .seconds(10)
    ) {
      if let code = process.exitCode {
        throw Client.Failed(description: "the clients ended with \(code): \(process.errors)")
      }
      for line in process.output.split(separator: 0x0A).reversed() {
        if let answer = try? JSONDecoder().decode(ClientAnswer.self, from: line),
          answer.number == number
        {
          return answer
        }
      }
      return nil
    }
  }
}
