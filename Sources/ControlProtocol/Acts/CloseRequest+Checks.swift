internal import Vocabulary

// Requests are checked here before the engine is asked, in one place for both ends.

extension CloseRequest {
  /// The most bytes of a close reason (RFC 6455 §5.5: a control frame has 125, the code 2).
  public static let maximumReasonByteCount = 123

  /// The request, if its sessions, code and reason are valid.
  public func checked() throws(ControlError) -> CloseRequest {
    try selection.check()
    if let code, !code.mayBeSent {
      throw ControlError(
        code: "invalid-close-code",
        message: "\(code.rawValue) may not be sent; the close codes are "
          + "1000-1003, 1007-1014 and 3000-4999")
    }
    if let reason, reason.utf8.count > Self.maximumReasonByteCount {
      throw ControlError(
        code: "invalid-reason",
        message: "the reason has \(reason.utf8.count) bytes, of which at most "
          + "\(Self.maximumReasonByteCount) fit")
    }
    return self
  }
}
