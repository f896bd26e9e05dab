import Foundation
import Testing

/// One WebSocket server of Debian's python3-websockets; what it does is its mode.
struct PythonServer: Sendable {
  /// The modes that `servers.py` explains.
  enum Mode: String {
    case echo, stall, wrong, fragments, leave, busy, silent, deflate
  }

  /// The URL of it.
  let url: String

  /// Starts a server and waits until it listens.
  ///
  /// - Parameter files: the paths of a certificate and its key; nil: without TLS.
  static func start(
    _ mode: Mode, files: (certificate: String, key: String)? = nil
  ) async throws -> PythonServer {
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("servers.py").path
    let process = try Workspace.current.start(
      "/usr/bin/python3",
      ["-I", "-B", script, mode.rawValue] + (files.map { [$0.certificate, $0.key] } ?? []))
    let port = try await eventually("no server listens: \(process.errors)") {
      let text = String(decoding: process.output, as: UTF8.self)
      return text.contains("\n") ? Int(text.prefix { $0 != "\n" }) : nil
    }
    return PythonServer(url: "\(files == nil ? "ws" : "wss")://127.0.0.1:\(port)/")
  }
}
