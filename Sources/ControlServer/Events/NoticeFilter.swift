internal import ControlProtocol
internal import Vocabulary
internal import WebSocketEngine

/// Makes events of the engine's notices: one for a condition that lasts, not one for each time it
/// is noticed.
struct NoticeFilter {
  /// How long a condition has to be gone before it is told again.
  private static let quietDuration = Duration.seconds(30)

  private var lastNoticed: [Notices.Notice: Instant] = [:]

  /// The events for the notices that came since the last call.
  mutating func events(for notices: [Notices.Notice], at now: Instant) -> [EventDraft] {
    var events: [EventDraft] = []
    // Notices keep their order: that accepting goes on is told after that it paused.
    for notice in notices {
      if notice.isCondition {
        let last = lastNoticed.updateValue(now, forKey: notice)
        if let last, last.duration(to: now) < Self.quietDuration { continue }
      }
      events.append(EventDraft(Self.kind(notice), Self.sentence(notice)))
    }
    return events
  }

  private static func kind(_ notice: Notices.Notice) -> EngineEvent.Kind {
    switch notice {
    case .certificatesReloaded, .acceptingAgain, .upstreamUp, .upstreamDrained: .engine
    default: .problem
    }
  }

  private static func sentence(_ notice: Notices.Notice) -> String {
    switch notice {
    case .outOfDescriptors: "accepting pauses: no descriptor is left for new connections"
    case .acceptingAgain(let milliseconds):
      "accepting goes on after \(QuantityText.readableMilliseconds(Double(milliseconds)))"
    case .slowHandler(let route): "the handler of \(route) kept others waiting for over 100 ms"
    case .slowTurn(let part): "a reactor's \(part.rawValue) took over 100 ms in one turn"
    case .certificatesReloaded(let count): ActSentence.reload(count)
    case .certificatesKept(let reason): ActSentence.certificatesKept(reason)
    case .certificate(let warning): warning
    case .upstreamUp(let route, let name, let milliseconds):
      "upstream \(name) of \(route) is up again after "
        + QuantityText.readableMilliseconds(Double(milliseconds))
    case .upstreamDown(let route, let name, let reason, let detail):
      "upstream \(name) of \(route) is down: it \(reason.text)"
        + (detail.isEmpty ? "" : " (\(detail))")
    case .upstreamDrained(let route, let name):
      "upstream \(name) of \(route) is drained: it has no session left"
    }
  }
}
