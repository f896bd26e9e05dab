internal import COpenSSL

/// The thread's queue of OpenSSL's errors.
enum OpenSSLErrors {
  /// One entry: the library, its reason and the text of that.
  struct Entry: Equatable {
    var library: Int32
    var reason: Int32
    var text: String

    /// Whether it is a reason of the TLS library itself.
    func isTLS(_ reason: Int32) -> Bool { library == ERR_LIB_SSL && self.reason == reason }
  }

  /// Forgets errors of earlier calls, which would be taken for the next one's.
  static func clear() { ERR_clear_error() }

  /// Takes the entries, the cause first.
  static func takeAll() -> [Entry] {
    var entries: [Entry] = []
    while case let code = ERR_get_error(), code != 0 {
      let reason = COpenSSL_reason(code)
      let text =
        if COpenSSL_isSystemError(code) != 0 {
          SystemError(call: "open", number: reason).reason
        } else {
          unsafe ERR_reason_error_string(code).map { unsafe String(cString: $0) }
            ?? "error \(code)"
        }
      entries.append(Entry(library: ERR_GET_LIB(code), reason: reason, text: text))
    }
    return entries
  }

  /// The failure of a call about a file or the set-up.
  static func take(_ kind: TLSError.Kind, about subject: String, otherwise: String) -> TLSError {
    TLSError(kind, subject: subject, reason: takeAll().first?.text ?? otherwise)
  }
}
