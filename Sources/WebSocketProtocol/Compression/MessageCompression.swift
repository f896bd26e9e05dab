/// One side's permessage-deflate in a session: its streams, and the compression of messages to be
/// sent.
///
/// Without context in either direction it holds nothing of the session's, and one object serves all
/// sessions of a thread with the same parameters. One thread uses it.
package final class MessageCompression {
  /// The negotiated parameters.
  package let parameters: DeflateParameters
  /// The inflater for the peer's messages: a stream of the session's own if they refer to one
  /// another.
  package let inflater: Inflater
  private let role: Role
  private let streams: DeflateStreams
  /// The stream with context for this side's messages.
  private var ownDeflater: Deflater?

  /// One side's compression, by the negotiated parameters.
  package init(_ parameters: DeflateParameters, role: Role, streams: DeflateStreams) {
    self.parameters = parameters
    self.role = role
    self.streams = streams
    let peer: Role = role == .server ? .client : .server
    inflater =
      parameters.takesContextOver(peer)
      ? Inflater(
        windowBits: parameters.windowBits(of: peer), keepsContext: true, spare: streams.spare)
      : streams.inflater
    let windowBits = min(
      parameters.windowBits(of: role), PermessageDeflate.dedicatedWindowBits)
    if parameters.takesContextOver(role), windowBits >= Deflater.leastWindowBits {
      ownDeflater = Deflater(
        windowBits: windowBits, level: DeflateStreams.dedicatedLevel, keepsContext: true)
    }
  }

  /// Whether a session with these parameters needs an object of its own.
  package static func isDedicated(_ parameters: DeflateParameters) -> Bool {
    parameters.takesContextOver(.server) || parameters.takesContextOver(.client)
  }

  /// Takes back the buffer of a message that was delivered.
  package func recycle(_ message: consuming ByteBuffer) { streams.spare.give(message) }

  /// Frees the session's own deflater; nothing is to be compressed from here on.
  package func end() { ownDeflater = nil }

  // MARK: Sending

  /// Compresses a message and lends `body` the payload to be sent: compressed, to be marked with
  /// RSV1, or, if it would not become smaller, as it is.
  ///
  /// It must be sent next, or nothing more at all: the peer's context follows the payloads it gets.
  package func deflate<Result>(
    _ message: Span<UInt8>, _ body: (_ payload: Span<UInt8>, _ isCompressed: Bool) -> Result
  ) -> Result {
    guard let deflater = ownDeflater ?? sharedDeflater(forMessageOf: message.count) else {
      return body(message, false)
    }
    return streams.deflate(message, with: deflater) { body($0, true) } ?? body(message, false)
  }

  /// The window, as the base-2 logarithm, of a message that is compressed independently, so that
  /// other sessions can send it too; nil if the peer's window is too small for zlib.
  package func independentWindowBits(forMessageOf byteCount: Int) -> Int? {
    let bits = min(
      Deflater.windowBits(forMessageOf: byteCount), parameters.windowBits(of: role))
    return bits < Deflater.leastWindowBits ? nil : bits
  }

  /// Compresses a message independently; nil if it does not become smaller.
  package func deflateIndependently<Result>(
    _ message: Span<UInt8>, windowBits: Int, _ body: (Span<UInt8>) -> Result
  ) -> Result? {
    streams.deflate(message, with: streams.deflater(windowBits: windowBits), body)
  }

  /// Notes that an independently compressed message is sent next: the peer's context moves on
  /// without this side's, which therefore begins anew.
  package func sentIndependently() { ownDeflater?.forgetContext() }

  private func sharedDeflater(forMessageOf byteCount: Int) -> Deflater? {
    independentWindowBits(forMessageOf: byteCount).map(streams.deflater)
  }
}

@available(*, unavailable)
extension MessageCompression: Sendable {}
