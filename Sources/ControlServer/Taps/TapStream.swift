internal import ControlProtocol
internal import Vocabulary
internal import WebSocketEngine

/// One tap as its client gets it: the messages in its queue, pushed in small batches.
///
/// Confined to the control reactor. A client that does not read is pushed nothing more, the queue
/// fills, and further messages are counted.
final class TapStream {
  /// How often the queue is looked at: a message is shown this much later at most.
  private static let interval = Duration.milliseconds(50)
  /// The most messages of one batch.
  static let maximumBatchCount = 200

  let request: TapRequest
  let tap: Tap
  /// The filter that its sessions match; nil for a tap of one session.
  let filter: SessionFilter?
  /// How many messages its client was sent.
  private(set) var shownCount = 0
  /// How many messages its client was not sent.
  private(set) var skippedCount = 0

  /// Whether the matching sessions are being searched.
  var isSearching = false
  /// The sessions that the filter found here, not on reactors.
  private var members: Set<SessionID> = []
  private var waiting: ArraySlice<TappedMessage> = []
  private var skippedAfter = 0
  private var shownSessionCount: Int?
  private var dueAt: Instant

  /// A stream of a tap that has begun.
  init(_ request: TapRequest, _ tap: Tap, filter: SessionFilter?, now: Instant) {
    self.request = request
    self.tap = tap
    self.filter = filter
    dueAt = now
  }

  /// The time of the next look.
  var wakeUp: Instant { dueAt }

  /// Whether the session of a tap of one session is gone, and everything of it was shown.
  private(set) var isOver = false

  /// Reads options in JSON.
  ///
  /// - Returns: the criteria from here on.
  /// - Throws: `ChannelFault` if the options are faulty.
  static func criteria(_ json: [UInt8]) throws(ChannelFault) -> TapCriteria {
    do throws(ControlError) {
      return TapCriteria(try ControlJSON.decodeRequest(TapOptions.self, from: json).checked())
    } catch {
      throw ChannelFault(.invalidFramePayloadData, error.error.message)
    }
  }

  /// The sessions that match since the last call, and those that no longer do.
  func difference(to ids: [SessionID]) -> (added: [SessionID], removed: [SessionID]) {
    let matching = Set(ids)
    let change = (Array(matching.subtracting(members)), Array(members.subtracting(matching)))
    members = matching
    return change
  }

  /// The next batch in JSON; nil if there is no news.
  func batch(now: Instant) -> [UInt8]? {
    guard now >= dueAt else { return nil }
    dueAt = dueAt.next(every: Self.interval, after: now)
    // The count is read first: messages of a session that is gone are in the queue by then.
    let sessionCount = tap.sessionCount
    if waiting.isEmpty {
      let (messages, skippedCount) = tap.takeAll()
      waiting = messages[...]
      skippedAfter = skippedCount
    }
    var batch = TapBatch(
      messages: waiting.prefix(Self.maximumBatchCount).map(TapMessage.init), sessions: sessionCount)
    waiting = waiting.dropFirst(Self.maximumBatchCount)
    if waiting.isEmpty {
      batch.skipped = skippedAfter
      skippedAfter = 0
      isOver = filter == nil && sessionCount == 0
    } else {
      // The rest follows in the next turn, when others have had theirs.
      dueAt = now
    }
    guard
      !batch.messages.isEmpty || batch.skipped > 0 || shownSessionCount != sessionCount
    else { return nil }
    shownSessionCount = sessionCount
    shownCount += batch.messages.count
    skippedCount += batch.messages.reduce(batch.skipped) { $0 + $1.skipped }
    return ControlJSON.encode(batch)
  }

  /// The one session that is tapped; nil for a filter.
  var subject: SessionID? {
    if case .session(let id) = request.subject { id } else { nil }
  }

  /// The tapped sessions, for the event log.
  var subjectText: String {
    switch request.subject {
    case .session(let id): "session \(id)"
    case .filter(let filter): filter.isEmpty ? "all sessions" : "sessions with \(filter)"
    }
  }
}

@available(*, unavailable)
extension TapStream: Sendable {}

extension TapCriteria {
  /// The criteria of options.
  init(_ options: TapOptions) {
    let pattern = TapPattern(options.text ?? "")
    self.init(
      direction: options.direction, kinds: options.kinds.map(Set.init),
      sizes: (options.minimumBytes ?? 0)...(options.maximumBytes ?? .max),
      text: pattern.text, isTextNegated: pattern.isNegated)
  }
}

extension TapMessage {
  /// A message as the API shows it.
  init(_ message: TappedMessage) {
    let isText = message.kind == .text || message.kind == .close
    self.init(
      session: message.session, direction: message.direction, kind: message.kind,
      bytes: message.byteCount, compressedBytes: message.compressedByteCount, at: message.at,
      text: isText ? Self.text(of: message) : nil,
      binary: isText ? nil : ControlJSON.base64(message.payload), code: message.closeCode,
      skipped: message.skippedCount)
  }

  /// The text that is kept, without a last scalar that was cut.
  private static func text(of message: TappedMessage) -> String {
    var bytes = message.payload[...]
    if bytes.count < message.byteCount, let start = bytes.lastIndex(where: { $0 & 0xC0 != 0x80 }),
      bytes.endIndex - start < 4, bytes[start] >= 0xC0,
      String(validating: bytes[start...], as: UTF8.self) == nil
    {
      bytes = bytes[..<start]
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
