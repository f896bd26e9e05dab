/// The chunked transfer coding as it is written, RFC 9112 §7.1.
package enum ChunkedCoding {
  /// The end of a body: the last chunk, and no trailers.
  package static let end = Array("0\r\n\r\n".utf8)
  /// The bytes behind the payload of a chunk.
  package static let chunkEnd = Array("\r\n".utf8)

  /// The line in front of the payload of a chunk.
  ///
  /// - Precondition: `byteCount` is positive, since an empty chunk ends the body.
  package static func chunkStart(byteCount: Int) -> [UInt8] {
    precondition(byteCount > 0, "an empty chunk ends the body")
    return Array((String(byteCount, radix: 16) + "\r\n").utf8)
  }
}
