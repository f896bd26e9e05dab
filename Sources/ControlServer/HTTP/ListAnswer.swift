internal import ControlProtocol

/// A long list on its way to becoming an answer's body: encoded a slice a turn, so that no other
/// client waits for all of it.
struct ListAnswer {
  /// How many rows are encoded in a turn.
  static let sliceRowCount = 500
  /// From how many bytes on the list is cut; its `total` tells what is missing.
  static let maximumByteCount = 32 << 20

  private let window: SessionWindow
  private var body: [UInt8]
  private let end: ArraySlice<UInt8>
  private var next = 0

  /// The list of a window.
  init(_ window: SessionWindow, run: String) {
    self.window = window
    let frame = ControlJSON.encode(window.frame(run: run))
    // The engine's run has no bracket, so the first one opens the list.
    let start = frame.firstIndex(of: UInt8(ascii: "[")) ?? frame.endIndex - 1
    body = Array(frame[...start])
    end = frame[(start + 1)...]
  }

  /// How many bytes it holds.
  var byteCount: Int { body.count }

  /// Encodes one more slice, and gives the body if that was the last one.
  mutating func step() -> [UInt8]? {
    let slice = next..<min(next + Self.sliceRowCount, window.sessions.count)
    if !slice.isEmpty {
      if next > 0 { body.append(UInt8(ascii: ",")) }
      body += ControlJSON.encode(window.rows(slice)).dropFirst().dropLast()
      next = slice.upperBound
    }
    guard next == window.sessions.count || body.count > Self.maximumByteCount else { return nil }
    return body + end
  }
}
