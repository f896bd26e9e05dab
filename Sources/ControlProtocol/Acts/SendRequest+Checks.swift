// Requests are checked here before the engine is asked, in one place for both ends.

extension SendRequest {
  /// The payload.
  public enum Payload: Equatable, Sendable {
    /// A text message.
    case text(String)
    /// A binary message.
    case binary([UInt8])
    /// A ping without payload.
    case ping
  }

  /// The request, if its sessions and its payload are valid; a dry run needs no payload.
  public func checked() throws(ControlError) -> SendRequest {
    try selection.check()
    if !selection.isDryRun || text != nil || binary != nil || ping != nil { _ = try payload() }
    return self
  }

  /// The payload.
  ///
  /// - Throws: `ControlError` unless exactly one of `text`, `binary` and `ping` is set and `binary`
  ///   is base 64.
  public func payload() throws(ControlError) -> Payload {
    switch (text, binary, ping ?? false) {
    case (let text?, nil, false): return .text(text)
    case (nil, nil, true): return .ping
    case (nil, let binary?, false):
      guard let bytes = ControlJSON.bytes(fromBase64: binary) else {
        throw ControlError(code: "invalid-binary", message: "binary is not base 64")
      }
      return .binary(bytes)
    default:
      throw ControlError(
        code: "invalid-payload", message: "one of text, binary and ping is wanted, and only one")
    }
  }
}
