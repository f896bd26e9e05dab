import Foundation
import Testing

/// A bare connection to an engine, for what no well-behaved client would send.
struct RawClient: Sendable {
  private let process: ClientProcess
  private let name: String
  /// Its own port.
  let port: Int

  /// Connects to an engine's listener.
  static func connect(_ engine: Engine) async throws -> RawClient {
    let process = try await ClientProcess.ofTest()
    let name = "raw-\(Workspace.current.nextNumber())"
    let answer = try await process.ask(
      ClientRequest(op: "raw", name: name, port: engine.port))
    guard answer.error == nil else { throw Client.Failed(description: answer.error ?? "") }
    return RawClient(process: process, name: name, port: answer.port ?? 0)
  }

  /// Asks for a WebSocket, with bytes as they are in the target and further header fields.
  ///
  /// - Returns: the HTTP status of the answer.
  func open(
    _ target: [UInt8], host: String = "127.0.0.1", fields: [(String, [UInt8])] = []
  ) async throws -> Int {
    var head = Array("GET ".utf8) + target + Array(" HTTP/1.1\r\nHost: \(host)\r\n".utf8)
    head += Array("Connection: Upgrade\r\nUpgrade: websocket\r\n".utf8)
    head += Array("Sec-WebSocket-Version: 13\r\n".utf8)
    head += Array("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n".utf8)
    for (name, value) in fields { head += Array("\(name): ".utf8) + value + Array("\r\n".utf8) }
    try await send(head + Array("\r\n".utf8))
    let answer = try await process.ask(ClientRequest(op: "raw-head", name: name))
    guard answer.error == nil else { throw Client.Failed(description: answer.error ?? "") }
    return try #require(answer.status)
  }

  /// Sends bytes as they are.
  func send(_ bytes: [UInt8]) async throws {
    let answer = try await process.ask(
      ClientRequest(op: "raw-send", name: name, binary: Data(bytes).base64EncodedString()))
    guard answer.error == nil else { throw Client.Failed(description: answer.error ?? "") }
  }

  /// Sends one compressed message of zeros, which inflates to that much, and gives its length.
  func sendBomb(mebibytes: Int) async throws -> Int {
    let answer = try await process.ask(
      ClientRequest(op: "raw-bomb", name: name, parts: mebibytes))
    guard answer.error == nil else { throw Client.Failed(description: answer.error ?? "") }
    return try #require(answer.size)
  }

  /// Sends one final frame of up to 125 bytes, masked as a client has to.
  func send(opcode: UInt8, _ payload: [UInt8]) async throws {
    let key: [UInt8] = [1, 2, 3, 4]
    let masked = payload.enumerated().map { $0.element ^ key[$0.offset % 4] }
    try await send([0x80 | opcode, 0x80 | UInt8(payload.count)] + key + masked)
  }

  /// Everything that comes until the server ends the connection.
  func readToEnd() async throws -> [UInt8] {
    let answer = try await process.ask(ClientRequest(op: "raw-rest", name: name))
    guard answer.error == nil else { throw Client.Failed(description: answer.error ?? "") }
    return Array(Data(base64Encoded: answer.binary ?? "") ?? Data())
  }
}
