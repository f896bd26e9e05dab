import COpenSSL

/// The Sec-WebSocket-Accept of a handshake, RFC 6455 §4.2.2: proof that the key was read.
enum AcceptKey {
  /// The GUID of RFC 6455 §1.3.
  private static let suffix = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

  /// The base64 of the SHA-1 of the key, as it was sent, and the GUID.
  static func make(for key: String) -> String {
    let input = Array((key + suffix).utf8)
    var digest = [UInt8](repeating: 0, count: 20)
    unsafe input.withUnsafeBufferPointer { input in
      unsafe digest.withUnsafeMutableBufferPointer { digest in
        unsafe COpenSSL_sha1(input.baseAddress, input.count, digest.baseAddress)
      }
    }
    return Base64.encode(digest.span)
  }
}
