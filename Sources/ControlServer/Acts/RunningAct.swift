internal import ControlProtocol
internal import Vocabulary
internal import WebSocketEngine

/// An act under way: its sessionAct, its sessions, and how far it has come.
///
/// Confined to the control reactor.
final class RunningAct {
  let sessionAct: SessionAct
  /// The filter by which every session is looked at again right before its turn.
  let filter: SessionFilter?
  /// The sessions that are still to have their turn.
  private(set) var rest: ArraySlice<ActTarget>
  /// The progress, as clients see it.
  var status: ActStatus
  /// Whether reactors have yet to answer its last step.
  var isBusy = false
  /// The command line with the message in it.
  var fullCommand: String?
  /// The actor that aborted it; nil if nobody did.
  var abortedBy: String?
  /// The connections that are answered when it is over.
  var waiters: [Int] = []
  private var pacing: ActPacing?

  init(
    _ status: ActStatus, _ sessionAct: SessionAct, _ filter: SessionFilter?, _ targets: [ActTarget],
    startingAt now: Instant
  ) {
    self.status = status
    self.sessionAct = sessionAct
    self.filter = filter
    rest = targets[...]
    pacing = status.rate.map {
      ActPacing(rate: $0, jitter: status.jitter ?? 0, startingAt: now)
    }
  }

  /// The turn of the next session.
  var nextAt: Instant { pacing?.nextAt ?? Instant(nanoseconds: 0) }

  /// Takes the sessions whose turn it is.
  func take(
    at now: Instant, using generator: inout some RandomNumberGenerator
  ) -> ArraySlice<ActTarget> {
    let maximum = min(sessionAct.sliceCount, rest.count)
    let count = pacing?.take(at: now, atMost: maximum, using: &generator) ?? maximum
    defer { rest = rest.dropFirst(count) }
    return rest.prefix(count)
  }
}

@available(*, unavailable)
extension RunningAct: Sendable {}
