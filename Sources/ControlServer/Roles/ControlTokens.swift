internal import ControlProtocol
internal import EventLoop
internal import Vocabulary

/// The holders of tokens, who may use the control API from elsewhere, read from a file; only
/// digests of tokens are kept.
///
/// A line is `role name token`, the token as it is or as `sha256:` and the 64 hexadecimal digits of
/// its SHA-256; empty lines and lines that begin with `#` are ignored.
struct ControlTokens: Sendable {
  /// The holder of a token.
  struct Holder: Sendable {
    var role: ControlRole
    var name: String
    var digest: SHA256Digest

    /// Whether nothing has changed for the holder.
    func isSame(as other: Holder) -> Bool {
      role == other.role && name == other.name && digest.matches(other.digest)
    }
  }

  /// The largest file, in bytes.
  static let maximumFileByteCount = 64 << 10
  /// The most tokens.
  static let maximumCount = 256
  /// How many characters a name has.
  static let nameByteCounts = 1...64

  private static let digestPrefix = "sha256:"

  /// The holders, in the order of the file.
  let holders: [Holder]

  /// Reads a file, whose owner and mode are checked.
  init(file path: String) throws(RemoteControlError) {
    let bytes: [UInt8]
    do throws(SecretFile.Failure) {
      bytes = try SecretFile.read(path, maximumByteCount: Self.maximumFileByteCount)
    } catch {
      throw RemoteControlError(error)
    }
    try self.init(bytes, from: path)
  }

  /// Reads the text of a file.
  init(_ bytes: [UInt8], from path: String) throws(RemoteControlError) {
    var holders: [Holder] = []
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() {
      do throws(Fault) {
        guard let holder = try Self.holder(line) else { continue }
        guard holders.count < Self.maximumCount else {
          throw Fault("there are more than \(Self.maximumCount) tokens")
        }
        if holders.contains(where: { $0.name == holder.name }) {
          throw Fault("the name \(holder.name) stands above already")
        }
        if let other = holders.first(where: { $0.digest.matches(holder.digest) }) {
          throw Fault("the token is that of \(other.name) as well")
        }
        holders.append(holder)
      } catch {
        throw RemoteControlError(
          "\(UntrustedText.escaped(path)): line \(index + 1): \(error.sentence)")
      }
    }
    guard !holders.isEmpty else {
      throw RemoteControlError(
        "\(UntrustedText.escaped(path)): there is no token in it; wants lines such as "
          + "\"operate alice TOKEN\"")
    }
    self.holders = holders
  }

  /// The holder of a token; nil if nobody has it.
  ///
  /// All tokens are looked at, whichever it is, and digests are compared: the time tells nothing of
  /// any token.
  func holder(of token: some Collection<UInt8>) -> Holder? {
    let digest = SHA256Digest(of: Array(token).span)
    var found: Holder?
    for holder in holders where digest.matches(holder.digest) { found = holder }
    return found
  }

  /// Whether a holder has the same token and role here.
  func contains(_ holder: Holder) -> Bool { holders.contains { $0.isSame(as: holder) } }

  // MARK: Lines

  /// The fault of a line; it never repeats a token.
  private struct Fault: Error {
    var sentence: String

    init(_ sentence: String) {
      self.sentence = sentence
    }
  }

  private static func holder(_ line: ArraySlice<UInt8>) throws(Fault) -> Holder? {
    let words = line.split { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
    guard let first = words.first, first.first != UInt8(ascii: "#") else { return nil }
    guard words.count == 3 else {
      throw Fault("wants three words: role, name, and the token or sha256:DIGEST")
    }
    guard let role = ControlRole(rawValue: String(decoding: first, as: UTF8.self)) else {
      let roles = ControlRole.allCases.map(\.rawValue).joined(separator: " or ")
      throw Fault("the role is \(roles)")
    }
    guard nameByteCounts.contains(words[1].count), words[1].allSatisfy(isOfName) else {
      throw Fault(
        "a name has \(nameByteCounts.lowerBound) to \(nameByteCounts.upperBound) letters, digits "
          + "and . _ @ -")
    }
    let name = String(decoding: words[1], as: UTF8.self)
    return Holder(role: role, name: name, digest: try digest(words[2]))
  }

  private static func digest(_ word: ArraySlice<UInt8>) throws(Fault) -> SHA256Digest {
    guard !word.starts(with: digestPrefix.utf8) else {
      let hex = String(decoding: word.dropFirst(digestPrefix.utf8.count), as: UTF8.self)
      guard let digest = SHA256Digest(hex: hex) else {
        throw Fault("sha256: wants 64 hexadecimal digits")
      }
      return digest
    }
    guard BearerToken.isToken(word) else {
      throw Fault("the token \(BearerToken.rule)")
    }
    return SHA256Digest(of: Array(word).span)
  }

  private static func isOfName(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: "._@-".utf8.contains(byte)
    }
  }
}
