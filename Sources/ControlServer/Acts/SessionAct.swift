internal import ControlProtocol
internal import Vocabulary
internal import WebSocketEngine
internal import WebSocketProtocol

/// The operation of an act on each of its sessions.
enum SessionAct: Sendable {
  case close(CloseRequest)
  case send(SendRequest, SendRequest.Payload)

  /// The most sessions of one step: a step is over before the next is taken, so that an abort waits
  /// for one step at most.
  static let maximumSliceCount = 1024
  /// About how many bytes of messages one step queues at most.
  static let maximumSliceByteCount = 16 << 20

  /// The act of a request to send.
  init(_ request: SendRequest) throws(ControlRefusal) {
    do throws(ControlError) {
      self = .send(request, try request.payload())
    } catch {
      // A dry run need not have a payload yet.
      guard request.selection.isDryRun else { throw ControlRefusal(status: 400, error) }
      self = .send(request, .ping)
    }
  }

  /// The sessions of the act, and its pace.
  var selection: ActSelection {
    switch self {
    case .close(let request): request.selection
    case .send(let request, _): request.selection
    }
  }

  var kind: ActStatus.Kind {
    switch self {
    case .close: .close
    case .send: .send
    }
  }

  /// How many sessions one step takes.
  var sliceCount: Int {
    let byteCount =
      switch self {
      case .close, .send(_, .ping): 0
      case .send(_, .text(let text)): text.utf8.count
      case .send(_, .binary(let bytes)): bytes.count
      }
    return min(Self.maximumSliceCount, max(1, Self.maximumSliceByteCount / max(byteCount, 1)))
  }

  /// The command line that does the same, as everybody may see it.
  func command(_ commands: EventCommands) -> String? {
    switch self {
    case .close(let request): commands.line(.close(request))
    case .send(let request, _): commands.lineForAll(request)
    }
  }

  /// The command line that does the same, with the message in it.
  func fullCommand(_ commands: EventCommands) -> String? {
    switch self {
    case .close(let request): commands.line(.close(request))
    case .send(let request, _): commands.line(.send(request))
    }
  }

  /// Does it to some sessions; outcomes are in their order.
  ///
  /// - Parameters:
  ///   - filter: its terms of rooms and tags are looked at again on the session's reactor.
  ///   - act: the act, which the ends of sessions name.
  func perform(
    on server: Server, _ ids: [SessionID], matching filter: SessionFilter?, as act: OperatorAct
  ) async -> [SessionActOutcome] {
    let isMeant = filter.flatMap(Self.condition)
    switch self {
    case .close(let request):
      // Code and reason were checked by the same rules when the request was read.
      return
        (try? await server.close(
          ids, where: isMeant, code: request.code ?? .normalClosure,
          reason: request.reason ?? "", act: act))
        ?? ids.map { _ in .notOpen }
    case .send(_, let payload):
      return await server.send(OperatorMessage(payload), to: ids, where: isMeant)
    }
  }
}

extension SessionAct {
  /// The condition that a session's reactor checks right before the act; nil if no term of the
  /// filter is of something that handlers change.
  private static func condition(_ filter: SessionFilter) -> Server.SessionCondition? {
    let terms = filter.ofRoomsAndTags
    guard !terms.isEmpty else { return nil }
    return { terms.matches(SubjectOnReactor(session: $0), now: 0) }
  }
}

/// The subject of a filter on its reactor's thread: only state that handlers change.
private struct SubjectOnReactor: SessionFieldSubject {
  let session: Session

  var id: SessionID { session.id }
  var state: SessionState { session.state }

  func hasText(_ field: SessionField, where test: (Span<UInt8>) -> Bool) -> Bool? {
    switch field {
    case .room: session.roomNames.contains { test($0.utf8.span) }
    case .tag: session.tags.contains { SessionTag.hasText($0.text, where: test) }
    default: nil
    }
  }

  func number(_ field: SessionField, now: Double) -> SessionNumber {
    field == .rooms ? .whole(session.roomNames.count) : .unknown
  }

  func flag(_ field: SessionField) -> Bool { false }
}

extension OperatorMessage {
  /// The message that a request asks to be sent.
  init(_ payload: SendRequest.Payload) {
    self =
      switch payload {
      case .text(let text): .message(Array(text.utf8), .text)
      case .binary(let bytes): .message(bytes, .binary)
      case .ping: .ping
      }
  }
}
