import Foundation
import Testing

@testable import EventLoop

@Suite("Files with secrets")
final class SecretFileTests {
  private let directory = FileManager.default.temporaryDirectory
    .appendingPathComponent("wstop-secrets-\(UUID().uuidString)").path

  init() throws {
    try FileManager.default.createDirectory(
      atPath: directory, withIntermediateDirectories: false)
  }

  deinit { try? FileManager.default.removeItem(atPath: directory) }

  private func file(_ text: String, mode: Int) -> String {
    let path = directory + "/secret"
    _ = FileManager.default.createFile(
      atPath: path, contents: Data(text.utf8), attributes: [.posixPermissions: mode])
    return path
  }

  @Test("A file that is the user's alone is read", arguments: [0o600, 0o400, 0o700])
  func own(mode: Int) throws {
    #expect(
      try SecretFile.read(file("secret\n", mode: mode), maximumByteCount: 7)
        == Array("secret\n".utf8))
  }

  @Test("One that others may use is refused", arguments: [0o640, 0o604, 0o620, 0o601, 0o644])
  func shared(mode: Int) {
    let path = file("secret", mode: mode)
    let error = #expect(throws: SecretFile.Failure.self) {
      try SecretFile.read(path, maximumByteCount: 100)
    }
    #expect(error == .shared(path, mode: UInt32(mode)))
    #expect(
      error?.description
        == "\(path): others may use the file, its mode is 0\(String(mode, radix: 8)); wants 0600 or "
        + "0400")
  }

  @Test("A link is followed, and what it leads to is checked")
  func link() throws {
    let path = file("secret", mode: 0o600)
    let link = directory + "/link"
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path)
    #expect(try SecretFile.read(link, maximumByteCount: 100) == Array("secret".utf8))
    _ = chmod(path, 0o644)
    #expect(throws: SecretFile.Failure.shared(link, mode: 0o644)) {
      try SecretFile.read(link, maximumByteCount: 100)
    }
  }

  @Test("What is missing, too large or no file is told, and a pipe keeps nobody waiting")
  func refused() throws {
    let path = file("secret", mode: 0o600)
    #expect(throws: SecretFile.Failure.tooLarge(path, maximumByteCount: 5)) {
      try SecretFile.read(path, maximumByteCount: 5)
    }
    #expect(throws: SecretFile.Failure.notFile(directory)) {
      try SecretFile.read(directory, maximumByteCount: 5)
    }
    let pipe = directory + "/pipe"
    #expect(mkfifo(pipe, 0o600) == 0)
    #expect(throws: SecretFile.Failure.notFile(pipe)) {
      try SecretFile.read(pipe, maximumByteCount: 5)
    }
    let missing = directory + "/missing"
    let error = #expect(throws: SecretFile.Failure.self) {
      try SecretFile.read(missing, maximumByteCount: 5)
    }
    #expect(error?.description == "\(missing): No such file or directory")
  }
}

@Suite("SHA-256")
struct SHA256DigestTests {
  @Test("The digest of \"abc\" is that of FIPS 180-4")
  func known() throws {
    let digest = SHA256Digest(of: Array("abc".utf8).span)
    let hex = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    #expect(digest.description == hex)
    #expect(try #require(SHA256Digest(hex: hex)).matches(digest))
    #expect(try #require(SHA256Digest(hex: hex.uppercased())).matches(digest))
    let empty = SHA256Digest(of: [UInt8]().span)
    #expect(empty.description.hasPrefix("e3b0c44298fc1c14"))
    #expect(!empty.matches(digest))
  }

  @Test("Colons between the bytes, as other programs write them, are taken")
  func colons() throws {
    let digest = SHA256Digest(of: Array("abc".utf8).span)
    let digits = Array(digest.description)
    let text = stride(from: 0, to: digits.count, by: 2).map { String(digits[$0..<$0 + 2]) }
    #expect(try #require(SHA256Digest(hex: text.joined(separator: ":"))).matches(digest))
  }

  @Test(
    "Anything but 64 digits is none",
    arguments: [
      "", "ab", String(repeating: "0", count: 63), String(repeating: "0", count: 65),
      String(repeating: "g", count: 64), String(repeating: "ä", count: 32),
    ])
  func malformed(text: String) {
    #expect(SHA256Digest(hex: text) == nil)
  }
}
