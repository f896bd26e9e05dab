internal import ControlProtocol
internal import EventLoop
internal import Vocabulary
internal import WebSocketProtocol

/// The control thread's state of clients from elsewhere: their certificates and tokens, and their
/// attempts.
///
/// Confined to the control reactor.
final class RemoteAccess {
  /// The certificates and tokens that were read last.
  var material: RemoteMaterial
  /// The buffers of their TLS connections.
  let buffers = TLSBuffers()
  /// The counts of clients without a token, and of wrong tokens.
  var gate = RemoteGate()

  /// Access for the holders in the files.
  init(_ material: RemoteMaterial) {
    self.material = material
  }

  /// The bearer token of a request; nil if it has none, or another scheme.
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
