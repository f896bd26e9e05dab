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
    case .act(let result):
      var frame = result
      frame.outcomes = []
      self.init(in: frame, count: result.outcomes.count) { Array(result.outcomes[$0]) }
    default: return nil
    }
    if count <= Self.sliceRowCount { return nil }
  }
}

/// How many lists are being made.
struct ListCounts {
  var long = 0
  var short = 0
}

extension ControlLoop {
  /// The most bytes of answers that clients have yet to take while a further list is begun.
  private static let maximumUnreadByteCount = 96 << 20
  /// How many long lists are made at once; the others wait, so that memory is taken for few.
  private static let maximumLongListCount = 2
  /// How many short lists are made at once, which do not wait for long ones.
  private static let maximumShortListCount = 8
  /// The most rows of a short list.
  static let maximumShortRowCount = 200

  /// Makes a long answer over as many turns as it takes, as soon as few others are being made.
  ///
  /// - Parameters:
  ///   - isLong: whether it may have more rows than a short one.
  ///   - mayBeRefused: whether the client is told to come again while others have much to read;
  ///     false where the answer tells of something done.
  ///   - step: goes on until a moment, and says whether the answer is made; is not called any more
  ///     once the client is gone.
  func makeList(
    for number: Int, isLong: Bool, mayBeRefused: Bool = true,
    _ step: @escaping (ClientConnection, _ deadline: Instant) -> Bool
  ) {
    let kind = isLong ? \ListCounts.long : \ListCounts.short
    let maximumCount = isLong ? Self.maximumLongListCount : Self.maximumShortListCount
    var hasBegun = false
    proceedSoon { [unowned self] deadline in
      guard let connection = connections[number], case .answering = connection.mode else {
        if hasBegun { listCounts[keyPath: kind] -= 1 }
        return true
      }
      if !hasBegun {
        guard listCounts[keyPath: kind] < maximumCount else { return false }
        let unreadByteCount = connections.values.reduce(0) { $0 + $1.backlogByteCount }
        guard !mayBeRefused || unreadByteCount < Self.maximumUnreadByteCount else {
          connection.answer(
            HTTPAnswer(
              ControlRefusal(
                status: 503, code: "busy", "other clients have yet to read their answers")))
          return true
        }
        listCounts[keyPath: kind] += 1
        hasBegun = true
      }
      guard step(connection, deadline) else { return false }
      listCounts[keyPath: kind] -= 1
      return true
    }
  }

  /// Answers with a list.
  ///
  /// - Parameters:
  ///   - mayBeRefused: see `makeList(for:isLong:mayBeRefused:_:)`.
  ///   - then: makes the answer of the body.
  func send(
    _ list: ListAnswer, to number: Int, mayBeRefused: Bool = true,
    then: @escaping (ClientConnection, [UInt8]) -> Void = { $0.answer(HTTPAnswer(body: $1)) }
  ) {
    var list = list
    let isLong = list.count > Self.maximumShortRowCount
    makeList(for: number, isLong: isLong, mayBeRefused: mayBeRefused) { connection, deadline in
      guard let body = list.step(until: deadline) else { return false }
      then(connection, body)
      return true
    }
  }
}
