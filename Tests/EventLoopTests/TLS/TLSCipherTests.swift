import COpenSSL
import Foundation
import TestCertificates
import Testing

@testable import EventLoop

@Suite("Cipher suites and the rights of a private key")
struct TLSCipherTests {
  private let directory: TestCertificates
  private let server: TestCertificates.Pair

  init() throws {
    directory = try TestCertificates()
    server = try directory.make(TestCertificates.Plan().with { $0.key = .rsa(bits: 2048) })
  }

  /// What a server and a client that offers one cipher suite of TLS 1.2 agree on.
  private func agreed(_ offer: String, _ ciphers: String? = nil) throws -> String? {
    let clients = try TLSContext.client(verifying: .nothing, versions: [.v1_2])
    try #require(SSL_CTX_set_cipher_list(clients.pointer, offer) == 1)
    let context = try TLSContext.server(
      TLSSettings(certificates: [server.files], ciphers: ciphers))
    let server = try MemoryPeer(server: context)
    let client = try MemoryPeer(client: clients)
    carry(client, server)
    return server.connection.isOpen ? server.connection.details.cipher : nil
  }

  @Test(
    "Of TLS 1.2 ECDHE with AEAD is spoken and nothing else",
    arguments: [
      ("ECDHE-RSA-AES128-GCM-SHA256", true), ("ECDHE-RSA-AES256-GCM-SHA384", true),
      ("ECDHE-RSA-CHACHA20-POLY1305", true), ("ECDHE-RSA-AES128-SHA", false),
      ("ECDHE-RSA-AES256-SHA384", false), ("AES128-GCM-SHA256", false), ("AES256-SHA", false),
      ("AES128-SHA256", false), ("DHE-RSA-AES128-GCM-SHA256", false),
    ])
  func standard(offer: String, isSpoken: Bool) throws {
    #expect(try agreed(offer) == (isSpoken ? offer : nil))
  }

  @Test("Others are spoken where they are named, and then those alone")
  func named() throws {
    #expect(try agreed("AES128-SHA", "AES128-SHA:AES256-SHA") == "AES128-SHA")
    #expect(try agreed("ECDHE-RSA-AES128-GCM-SHA256", "AES128-SHA") == nil)
    let both = "ECDHE+AESGCM:AES128-SHA:!ECDSA"
    #expect(try agreed("ECDHE-RSA-AES128-GCM-SHA256", both) == "ECDHE-RSA-AES128-GCM-SHA256")
    // Those of TLS 1.3 leave TLS 1.2 as it is.
    let newer = "TLS_AES_256_GCM_SHA384"
    #expect(try agreed("ECDHE-RSA-AES128-GCM-SHA256", newer) == "ECDHE-RSA-AES128-GCM-SHA256")
    #expect(try agreed("AES128-SHA", newer) == nil)
    let context = try TLSContext.server(
      TLSSettings(certificates: [server.files], ciphers: "TLS_CHACHA20_POLY1305_SHA256"))
    let server = try MemoryPeer(server: context)
    let client = try MemoryPeer(client: .client(verifying: .nothing))
    carry(client, server)
    #expect(server.connection.details.cipher == "TLS_CHACHA20_POLY1305_SHA256")
  }

  @Test(
    "A name that OpenSSL does not know is an error that says it, beside others that it knows",
    arguments: ["NOPE", "AES128-SHA:NOPE", "AES128-SHA:!NOPE", "TLS_NOPE:AES128-SHA"])
  func unknown(list: String) throws {
    let error = #expect(throws: TLSError.self) {
      try TLSContext.server(TLSSettings(certificates: [server.files], ciphers: list))
    }
    #expect(error?.description.contains("NOPE\"") == true)
    #expect(error?.description.contains("AES128-SHA") == true)
  }

  @Test(
    "A private key that others may read is used and warned of",
    arguments: [(0o600, false), (0o400, false), (0o640, true), (0o604, true), (0o644, true)])
  func rights(mode: Int, isWarnedOf: Bool) throws {
    try FileManager.default.setAttributes(
      [.posixPermissions: mode], ofItemAtPath: server.privateKey)
    let warnings = try TLSContext.server(TLSSettings(certificates: [server.files])).warnings
    let digits = String(mode, radix: 8)
    #expect(
      warnings
        == (isWarnedOf
          ? [
            "\(server.privateKey): others may read the private key, its mode is 0\(digits); "
              + "wants 0600 or 0400"
          ] : []))
  }
}
