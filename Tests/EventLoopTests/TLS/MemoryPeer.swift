import COpenSSL
import TestCertificates
import Testing

@testable import EventLoop

/// One end of a TLS connection that is carried in memory.
final class MemoryPeer {
  let buffers = TLSBuffers()
  let connection: TLSConnection
  /// What came out of the records.
  private(set) var received: [UInt8] = []
  /// How the other end's stream ended.
  private(set) var end: TLSConnection.End?
  private let plaintext = ReactorBuffer(byteCount: 512 << 10)

  init(server context: TLSContext) throws {
    connection = try TLSConnection(server: context, buffers)
  }

  init(
    client context: TLSContext, name: String? = nil, resuming session: TLSSession? = nil
  ) throws {
    connection = try TLSConnection(
      client: context, serverName: name, resuming: session, buffers)
    try connection.handshake()
  }

  /// Opens bytes, a few at a time.
  func take(_ bytes: [UInt8], split: Int) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let part = rest.prefix(split)
      rest = rest.dropFirst(part.count)
      buffers.input.copy(Array(part).span, to: 0)
      let opened = plaintext.withBytes {
        connection.open(0..<part.count, into: &$0, from: 0)
      }
      received += plaintext.array(of: 0..<opened.byteCount)
      end = end ?? opened.end
    }
  }

  /// Seals bytes, a record at a time.
  func send(_ bytes: [UInt8]) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let part = Array(rest.prefix(TLSBuffers.maximumRecordByteCount))
      rest = rest.dropFirst(part.count)
      try connection.seal(part.span)
      outbox += buffers.takeSealed()
    }
  }

  /// What is on its way to the other end.
  private var outbox: [UInt8] = []

  /// Takes all that is on its way.
  func takeOutput() -> [UInt8] {
    let bytes = outbox + buffers.takeSealed()
    outbox = []
    return bytes
  }

  func takeReceived() -> [UInt8] {
    defer { received = [] }
    return received
  }
}

/// Carries bytes both ways until both ends are silent.
func carry(_ client: MemoryPeer, _ server: MemoryPeer, split: Int = 1 << 20) {
  for _ in 0..<1000 {
    let toServer = client.takeOutput()
    server.take(toServer, split: min(split, server.buffers.input.count))
    let toClient = server.takeOutput()
    client.take(toClient, split: min(split, client.buffers.input.count))
    if toServer.isEmpty, toClient.isEmpty { return }
  }
  Issue.record("the two never fall silent")
}

extension TestCertificates.Pair {
  /// The pair's files, for a context.
  var files: TLSSettings.CertificateFiles {
    TLSSettings.CertificateFiles(certificate: certificate, privateKey: privateKey)
  }
}
