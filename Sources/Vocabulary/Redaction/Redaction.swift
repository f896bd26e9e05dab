/// The rule for secrets in a client's request: the values that are secret, and the mark in their
/// place wherever they are shown, logged, kept or exported, such as `‹redacted 64 B›`.
///
/// Secret are the values of `Authorization`, `Proxy-Authorization` and `Cookie`, subprotocols of
/// over 32 bytes, and every value under one of the keys: in a query, also in one inside another
/// value or header, and as a header of that name. A value that is a mark already stays as it is.
public struct Redaction: Equatable, Sendable {
  /// The keys that are secret unless redaction is off.
  public static let standardKeys = [
    "access_token", "token", "key", "apikey", "auth", "authorization", "password", "secret", "sig",
    "signature", "jwt", "code", "ticket", "session",
  ]

  /// The longest subprotocol that is a name and not a credential, in bytes.
  public static let maximumSubprotocolByteCount = 32
  /// The longest key, in bytes.
  public static let maximumKeyByteCount = 64

  /// Redaction that leaves everything as it is.
  public static let off = Redaction(isOn: false, keys: [])

  /// Whether anything is redacted.
  public let isOn: Bool
  /// The keys as they are compared.
  private let keys: Set<[UInt8]>

  /// Redaction with the standard keys and some more.
  ///
  /// - Precondition: each of them `isKey`.
  public init(adding more: [String] = []) {
    precondition(more.allSatisfy(Self.isKey), "only what can be a key is added")
    self.init(isOn: true, keys: Set((Self.standardKeys + more).map { Self.folded($0.utf8) }))
  }

  private init(isOn: Bool, keys: Set<[UInt8]>) {
    self.isOn = isOn
    self.keys = keys
  }

  /// Whether a text has the beginning of a mark, so that whoever wrote it has seen one.
  package static func hasMark(in text: [UInt8]) -> Bool {
    RedactionMark.word.count <= text.count
      && (0...(text.count - RedactionMark.word.count)).contains { start in
        text[start...].starts(with: RedactionMark.word)
      }
  }

  /// Whether a text can be a key: 1 to 64 bytes, not hyphens and underscores alone, and without
  /// spaces, controls and the bytes that end a key in a query.
  public static func isKey(_ text: String) -> Bool {
    text.utf8.count <= maximumKeyByteCount && !folded(text.utf8).isEmpty
      && text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F && !"=&?;/#%[]".utf8.contains($0) }
  }

  // MARK: Parts of a request

  /// A query, without its question mark.
  public func query(_ raw: String) -> String { redacted(raw, .query) }

  /// A path as it was sent: parameters of its segments are redacted, and a query whose question
  /// mark was sent encoded.
  public func path(_ raw: String) -> String { redacted(raw, .path) }

  /// Whether a path is shown as it is; cheap, so that many paths may be asked about.
  public func leaves(path: Span<UInt8>) -> Bool { !isOn || !FieldScanner.mayFindFields(in: path) }

  /// Text in which there may be a URL: the query of that is redacted.
  public func text(_ text: String) -> String { redacted(text, .text) }

  /// The value of a header field.
  public func value(_ value: String, ofHeader name: String) -> String {
    guard isOn, !value.isEmpty else { return value }
    let folded = Self.folded(name.utf8)
    if Self.secretHeaders.contains(folded) { return Self.mark(for: value) }
    if folded == Self.subprotocolHeader { return subprotocols(value) }
    let isExtension = name.utf8.starts(with: "X-".utf8) || name.utf8.starts(with: "x-".utf8)
    return isKey(name.utf8) || isExtension && isKey(name.utf8.dropFirst(2))
      ? Self.mark(for: value) : text(value)
  }

  /// The subprotocol that was chosen.
  public func subprotocol(_ name: String) -> String {
    isOn && name.utf8.count > Self.maximumSubprotocolByteCount ? Self.mark(for: name) : name
  }

  private func subprotocols(_ list: String) -> String {
    guard list.utf8.count > Self.maximumSubprotocolByteCount else { return list }
    return list.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
      .map { entry in
        let name = entry.drop { $0 == 0x20 || $0 == 0x09 }
        return String(Substring(entry[..<name.startIndex])) + subprotocol(String(Substring(name)))
      }.joined(separator: ",")
  }

  private static let secretHeaders = Set(
    ["Authorization", "Proxy-Authorization", "Cookie"].map { folded($0.utf8) })
  private static let subprotocolHeader = folded("Sec-WebSocket-Protocol".utf8)

  // MARK: Fields

  private func redacted(_ text: String, _ form: FieldScanner.Form) -> String {
    guard isOn, FieldScanner.mayFindFields(in: text.utf8Span.span) else { return text }
    return FieldScanner(text, form).replacing(
      where: { isKey(FieldScanner.decoded($0.prefix(Self.maximumNameByteCount))) }) ?? text
  }

  /// The longest name that is looked at: a key's letters encoded, some brackets around it.
  private static let maximumNameByteCount = 4 * maximumKeyByteCount

  /// Whether a name is a key, or a part of it in brackets is, as in `user[password]`.
  private func isKey(_ name: some Sequence<UInt8>) -> Bool {
    let folded = Self.folded(name)
    return keys.contains(folded)
      || folded.contains(UInt8(ascii: "["))
        && folded.split { $0 == UInt8(ascii: "[") || $0 == UInt8(ascii: "]") }
          .contains { keys.contains(Array($0)) }
  }

  /// A name as it is compared: without regard to case, hyphens and underscores.
  private static func folded(_ name: some Sequence<UInt8>) -> [UInt8] {
    name.compactMap { byte in
      switch byte {
      case UInt8(ascii: "-"), UInt8(ascii: "_"): nil
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
      default: byte
      }
    }
  }

  private static func mark(for value: String) -> String {
    let byteCount = value.utf8.count
    guard RedactionMark.byteCount(atStartOf: value.utf8) != byteCount else { return value }
    return String(decoding: RedactionMark.bytes(for: byteCount), as: UTF8.self)
  }
}
