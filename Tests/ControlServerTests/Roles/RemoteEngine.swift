import ControlProtocol
import EventLoop
import Foundation
import TestCertificates
import Vocabulary
import WebSocketEngine

@testable import ControlServer

/// An engine whose control API is served over TLS too, to vera who may look and olga who may act.
struct RemoteEngine {
  static let view = "view-0123456789abcdef"
  static let operate = "operate-0123456789abcdef"

  let engine: TestEngine
  let certificates: TestCertificates
  let pair: TestCertificates.Pair

  /// Where it is.
  var address: SocketAddress { engine.control.remoteAddresses[0] }

  /// Runs something with such an engine and stops that afterwards.
  static func run(
    history: (any HistoryKeeper)? = nil,
    _ change: (inout ControlSettings) -> Void = { _ in },
    _ body: (RemoteEngine) async throws -> Void
  ) async throws {
    let certificates = try TestCertificates()
    let pair = try certificates.make()
    var settings = ControlSettings.patient
    settings.remote = RemoteControl(
      addresses: [.internet(host: "127.0.0.1", port: 0)],
      tls: TLSSettings(certificate: pair.certificate, privateKey: pair.privateKey),
      tokens: try write(tokens, to: certificates))
    change(&settings)
    try await TestEngine.run(settings: settings, history: history) { engine in
      try await body(RemoteEngine(engine: engine, certificates: certificates, pair: pair))
    }
  }

  static let tokens = "view vera \(view)\noperate olga \(operate)\n"

  /// Writes a file of tokens that nobody else may read.
  @discardableResult
  static func write(_ text: String, to certificates: TestCertificates) throws -> String {
    let path = try certificates.write(text, to: "tokens")
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    return path
  }

  /// A new connection to it.
  func client() throws -> HTTPPeer { try HTTPPeer(securelyTo: address) }

  /// The answer to a request on a connection of its own.
  func get(_ target: String, headers: [String]) throws -> HTTPPeer.Reply {
    try client().request("GET", target, headers: headers)
  }

  /// The fields that show a token.
  static func showing(_ token: String) -> [String] { ["Authorization: Bearer \(token)"] }

  /// A watch with a token.
  func watch(_ token: String) throws -> WebSocketPeer {
    try WebSocketPeer(
      on: try ByteStream(securelyTo: address), target: ControlEndpoint.watchPath,
      headers: [("Authorization", "Bearer \(token)")])
  }
}
