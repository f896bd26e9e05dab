import COpenSSL
import Vocabulary

/// The Sec-WebSocket-Accept of a handshake, RFC 6455 §4.2.2: proof that the key was read.
enum AcceptKey {
  /// The GUID of RFC 6455 §1.3.
  private static let suffix = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

  /// The base64 of the SHA-1 of the key, as it was sent, and the GUID.
  static func make(for key: String) -> String {
    var input: [UInt8] = []
    input.reserveCapacity(64)
    input.append(copying: key.utf8Span.span)
    input.append(copying: suffix.utf8Span.span)
    var digest: InlineArray<20, UInt8> = InlineArray(repeating: 0)
    var span = digest.mutableSpan
    unsafe input.withUnsafeBufferPointer { input in
      unsafe span.withUnsafeMutableBufferPointer { digest in
        unsafe COpenSSL_sha1(input.baseAddress, input.count, digest.baseAddress)
      }
    }
    return Base64.encode(digest.span)
  }
}
