internal import ControlProtocol
internal import EventLoop
internal import Vocabulary
internal import WebSocketProtocol

/// What the control thread knows of clients from elsewhere: their certificates and tokens, and
/// what they have tried.
///
/// Confined to the control reactor.
final class RemoteAccess {
  /// How long a condition that lasts is told once.
  private static let quietDuration = Duration.seconds(30)
  private static let maximumToldCount = 256

  /// What was read from files last.
  var material: RemoteMaterial
  /// What their TLS connections share.
  let buffers = TLSBuffers()
  /// How many there are, and how many wrong tokens they have shown.
  var gate = RemoteGate()
  private var told: [String: Instant] = [:]

  /// Access for those whom the files name.
  init(_ material: RemoteMaterial) {
    self.material = material
  }

  /// Whether something is worth an event: it was not told within the last half minute.
  func isNews(_ text: String, at now: Instant) -> Bool {
    if let last = told[text], last.duration(to: now) < Self.quietDuration { return false }
    if told.count >= Self.maximumToldCount {
      told = told.filter { $0.value.duration(to: now) < Self.quietDuration }
      guard told.count < Self.maximumToldCount else { return false }
    }
    told[text] = now
    return true
  }

  /// The token that a request carries; nil if it has none, or something else.
  static func token(in headers: Headers) -> ArraySlice<UInt8>? {
    let values = headers.values(of: "Authorization")
    guard let value = values.first, values.count == 1 else { return nil }
    let bytes = Array(value.utf8)
    guard let space = bytes.firstIndex(of: 0x20),
      String(decoding: bytes[..<space], as: UTF8.self).lowercased() == "bearer"
    else { return nil }
    let token = bytes[space...].drop { $0 == 0x20 }
    return token.isEmpty ? nil : token
  }
}

@available(*, unavailable)
extension RemoteAccess: Sendable {}
