internal import ControlProtocol
internal import EventLoop
internal import Vocabulary

/// A long list on its way to becoming an answer's body: encoded over as many turns as it takes, so
/// that no other client waits for all of it.
struct ListAnswer {
  /// How many rows are encoded before the clock is looked at.
  static let sliceRowCount = 50
  /// The size from which on the list is cut; its `total` tells how many rows there are.
  static let maximumByteCount = 32 << 20

  /// How many rows there are.
  let count: Int
  /// Encodes the rows of a part.
  private let encode: (Range<Int>) -> [UInt8]
  private let separator: [UInt8]
  private var body: [UInt8]
  private let end: ArraySlice<UInt8>
  private var next = 0

  /// A list inside an object of JSON.
  ///
  /// - Parameters:
  ///   - frame: the object with an empty list, which is the first of its arrays, and before which
  ///     no text has a bracket.
  ///   - rows: the rows of a part.
  init<Row: Encodable>(
    in frame: some Encodable, count: Int, rows: @escaping (Range<Int>) -> [Row]
  ) {
    let frame = ControlJSON.encode(frame)
    let start = frame.firstIndex(of: UInt8(ascii: "[")) ?? frame.endIndex - 1
    self.count = count
    body = Array(frame[...start])
    end = frame[(start + 1)...]
    separator = [UInt8(ascii: ",")]
    encode = { Array(ControlJSON.encode(rows($0)).dropFirst().dropLast()) }
  }

  /// Rows of JSON, one a line.
  init<Row: Encodable>(lines rows: [Row]) {
    count = rows.count
    body = []
    end = []
    separator = []
    encode = { range in
      rows[range].flatMap { ControlJSON.encode($0) + [UInt8(ascii: "\n")] }
    }
  }

  /// The list of a window of sessions.
  init(_ window: SessionWindow, run: String) {
    self.init(in: window.frame(run: run), count: window.sessions.count) { window.rows($0) }
  }

  /// Encodes more until a moment, and gives the body if that was all.
  mutating func step(until deadline: Instant) -> [UInt8]? {
    while next < count, body.count <= Self.maximumByteCount {
      let slice = next..<min(next + Self.sliceRowCount, count)
      if next > 0 { body += separator }
      body += encode(slice)
      next = slice.upperBound
      if SystemClock.monotonic() >= deadline { break }
    }
    guard next == count || body.count > Self.maximumByteCount else { return nil }
    body += end
    return body
  }
}

extension ListAnswer {
  /// The answer of a reply that is a long list; nil for any other.
  init?(_ reply: ControlReply) {
    switch reply {
    case .limits(let list):
      var frame = list
      frame.limits = []
      self.init(in: frame, count: list.limits.count) { Array(list.limits[$0]) }
    case .groups(let list):
      var frame = list
      frame.groups = []
      self.init(in: frame, count: list.groups.count) { Array(list.groups[$0]) }
    case .upstreams(let list):
      var frame = list
      frame.upstreams = []
      self.init(in: frame, count: list.upstreams.count) { Array(list.upstreams[$0]) }
    case .history(let page):
      var frame = page
      frame.entries = []
      self.init(in: frame, count: page.entries.count) { Array(page.entries[$0]) }
    case .act(let result):
      var frame = result
      frame.outcomes = []
      self.init(in: frame, count: result.outcomes.count) { Array(result.outcomes[$0]) }
    default: return nil
    }
    if count <= Self.sliceRowCount { return nil }
  }
}
