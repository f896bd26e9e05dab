import WebSocketProtocol

/// A path on its way through the routes: split at its slashes, each segment decoded after that.
struct SplitPath {
  /// The reason why a path has more segments than were decoded.
  enum End {
    /// The next segment is not percent-encoded UTF-8.
    case malformedEncoding
    /// The path has more segments than are decoded.
    case tooManySegments
  }

  /// The path as it was sent.
  private let rawPath: String
  /// The segments, decoded.
  let segments: [String]
  /// The reason why they are not all; nil if they are.
  let end: End?

  /// Splits a path; nil if it does not begin with a slash.
  ///
  /// - Complexity: O(length of the path up to its 256th segment)
  init?(_ rawPath: String) {
    let bytes = rawPath.utf8
    guard bytes.first == UInt8(ascii: "/") else { return nil }
    self.rawPath = rawPath
    var segments: [String] = []
    segments.reserveCapacity(4)
    var rest: Substring.UTF8View? = bytes.dropFirst()
    var end: End?
    while let unread = rest, end == nil {
      guard segments.count < PathPattern.maximumSegmentCount else {
        end = .tooManySegments
        break
      }
      let slash = unread.firstIndex(of: UInt8(ascii: "/"))
      let part = Substring(unread[..<(slash ?? unread.endIndex)])
      do throws(HandshakeRefusal) {
        let isEncoded = part.utf8.contains(UInt8(ascii: "%"))
        segments.append(isEncoded ? try PercentEncoding.decode(part) : String(part))
      } catch {
        end = .malformedEncoding
      }
      rest = slash.map { unread[bytes.index(after: $0)...] }
    }
    self.segments = segments
    self.end = end
  }

  /// Whether a segment behind the first `count` is `..`, which a server may take for the way out of
  /// them.
  ///
  /// The dots may be encoded, and an encoded slash ends a segment here, as it does for some servers.
  func hasParentSegment(behind count: Int) -> Bool {
    let parts = rawPath.utf8.dropFirst().split(
      separator: UInt8(ascii: "/"), maxSplits: count, omittingEmptySubsequences: false)
    guard parts.count > count, var rest = parts.last else { return false }
    // The dots of the segment under way; nil if it has something else.
    var dotCount: Int? = 0
    while let byte = Self.popDecoded(&rest) {
      switch byte {
      case UInt8(ascii: "/"):
        if dotCount == 2 { return true }
        dotCount = 0
      case UInt8(ascii: "."): dotCount = dotCount.map { $0 + 1 }
      default: dotCount = nil
      }
    }
    return dotCount == 2
  }

  /// Takes off a byte, or the three that encode a dot or a slash.
  private static func popDecoded(_ bytes: inout Substring.UTF8View) -> UInt8? {
    guard let byte = bytes.popFirst() else { return nil }
    guard byte == UInt8(ascii: "%"), bytes.first == UInt8(ascii: "2") else { return byte }
    let decoded: UInt8
    switch bytes.dropFirst().first {
    case UInt8(ascii: "e"), UInt8(ascii: "E"): decoded = UInt8(ascii: ".")
    case UInt8(ascii: "f"), UInt8(ascii: "F"): decoded = UInt8(ascii: "/")
    default: return byte
    }
    bytes = bytes.dropFirst(2)
    return decoded
  }
}
