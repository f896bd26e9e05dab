import Foundation
import Testing

/// One WebSocket client of Debian's python3-websockets: a client that nobody here wrote.
struct Client: Sendable {
  private let process: ClientProcess
  private let name: String
  /// Its own port; 0 on a Unix socket.
  let port: Int

  /// Connects to a URL; one that reads is connected once its session is counted and listed.
  ///
  /// - Parameters:
  ///   - authority: The file of the certificate that the server's has to be signed by, for `wss`.
  ///   - identity: The files of the client's own certificate and its key.
  ///   - unix: The path of a Unix socket to connect through.
  ///   - reads: Whether it takes what comes; one that does not lets the server's output wait.
  /// - Throws: `Refused` with the HTTP status if the server refuses the handshake.
  static func connect(
    _ url: String, headers: [String: String] = [:], origin: String? = nil,
    subprotocols: [String]? = nil, authority: String? = nil,
    identity: (certificate: String, key: String)? = nil, unix: String? = nil, reads: Bool = true
  ) async throws -> Client {
    let process = try await ClientProcess.ofTest()
    let name = "client-\(Workspace.current.nextNumber())"
    let answer = try await process.ask(
      ClientRequest(
        op: "connect", name: name, url: url, headers: headers, origin: origin,
        subprotocols: subprotocols, unix: unix, authority: authority,
        certificate: identity?.certificate, key: identity?.key, reads: reads))
    if let status = answer.status { throw Refused(status: status) }
    guard answer.error == nil else { throw Failed(description: answer.error ?? "") }
    return Client(process: process, name: name, port: answer.port ?? 0)
  }

  /// Connects several clients to one URL.
  static func connect(_ url: String, count: Int) async throws -> [Client] {
    var clients: [Client] = []
    for _ in 0..<count { clients.append(try await connect(url)) }
    return clients
  }

  /// The server refused the handshake.
  struct Refused: Error, Equatable {
    var status: Int
  }

  /// The client could not do what was asked.
  struct Failed: Error, CustomStringConvertible {
    var description: String
  }

  /// A message that came.
  enum Message: Equatable {
    case text(String)
    /// A binary message: short ones as they are.
    case binary([UInt8])
    /// A long message: its length in bytes and the hexadecimal SHA-256 of them.
    case long(byteCount: Int, digest: String, isText: Bool)
  }

  /// How its connection ended, as its own library says.
  struct Close: Equatable {
    var code: Int
    var reason: String

    init(_ code: Int, _ reason: String = "") {
      self.code = code
      self.reason = reason
    }
  }

  /// Sends a text message.
  func send(_ text: String) async throws {
    _ = try await ask(ClientRequest(op: "send", name: name, text: text))
  }

  /// Sends a binary message.
  func send(_ bytes: [UInt8]) async throws {
    _ = try await ask(
      ClientRequest(op: "send", name: name, binary: Data(bytes).base64EncodedString()))
  }

  /// Sends a message of a size, text or binary, and gives the SHA-256 of its bytes.
  @discardableResult
  func send(byteCount: Int, asText: Bool = false) async throws -> String {
    let answer = try await ask(
      ClientRequest(op: "send", name: name, size: byteCount, isText: asText))
    return try #require(answer.digest)
  }

  /// Sends a binary message in fragments of a size, as far as the server lets it.
  func send(parts: Int, byteCount: Int) async throws {
    _ = try await ask(ClientRequest(op: "send", name: name, size: byteCount, parts: parts))
  }

  /// The next message.
  func receive() async throws -> Message {
    let answer = try await ask(ClientRequest(op: "receive", name: name))
    if let size = answer.size, let digest = answer.digest {
      return .long(byteCount: size, digest: digest, isText: answer.isText ?? false)
    }
    if let text = answer.text { return .text(text) }
    let binary = try #require(answer.binary)
    return .binary(Array(try #require(Data(base64Encoded: binary))))
  }

  /// The next message, which has to be text of JSON.
  func receiveJSON() async throws -> JSON {
    guard case .text(let text) = try await receive() else {
      throw Failed(description: "the message is not text")
    }
    return try JSON(Data(text.utf8))
  }

  /// Messages that have come and were not received yet.
  func pendingCount() async throws -> Int {
    try #require(try await ask(ClientRequest(op: "pending", name: name)).size)
  }

  /// Starts the closing handshake and waits for its end.
  @discardableResult
  func close(_ code: Int = 1000, _ reason: String = "") async throws -> Close {
    try await end(ClientRequest(op: "close", name: name, code: code, reason: reason))
  }

  /// Waits until the connection has ended.
  func closed() async throws -> Close {
    try await end(ClientRequest(op: "closed", name: name))
  }

  /// Cuts the connection without a closing handshake.
  func vanish() async throws {
    _ = try await ask(ClientRequest(op: "vanish", name: name))
  }

  private func end(_ request: ClientRequest) async throws -> Close {
    let answer = try await ask(request)
    let code = try #require(answer.code)
    return Close(code, answer.reason ?? "")
  }

  private func ask(_ request: ClientRequest) async throws -> ClientAnswer {
    let answer = try await process.ask(request)
    if let error = answer.error { throw Failed(description: error) }
    return answer
  }
}
