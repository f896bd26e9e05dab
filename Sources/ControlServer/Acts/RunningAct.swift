internal import ControlProtocol
internal import Vocabulary
internal import WebSocketEngine

/// An act under way: its sessions, and how far it has come.
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
  /// The outcomes of the sessions that had their turn, of an act that nobody follows.
  private(set) var outcomes: [SessionOutcome] = []
  /// The command line with the message in it.
  var fullCommand: String?
  /// The person or script that acts, without its process or place.
  var who = ""
  /// The actor that aborted it; nil if nobody did.
  private(set) var abortedBy: String?
  private var pacing: ActPacing?
  /// The act's own task, while it waits for the turn of the next session.
  private var sleeper: CheckedContinuation<Void, Never>?
  /// The tasks that wait for its end.
  private var waiting: [CheckedContinuation<Void, Never>] = []

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

  /// The act, as the ends of sessions that it closes name it.
  var operatorAct: OperatorAct {
    OperatorAct(by: who, number: status.id == 0 ? nil : status.id)
  }

  // MARK: Steps

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

  /// Adds the outcomes of a step.
  func add(_ found: [SessionActOutcome], of ids: [SessionID]) {
    let told = zip(ids, found).map { SessionOutcome(id: $0, outcome: .init($1)) }
    for one in told { status.add(one.outcome) }
    if !sessionAct.selection.isFollowed { outcomes += told }
  }

  // MARK: Waiting

  /// Whether it waits for the turn of its next session.
  var isAsleep: Bool { sleeper != nil }

  /// Waits until it is woken up.
  func sleep() async {
    await withCheckedContinuation { sleeper = $0 }
  }

  /// Lets it go on.
  func wakeUp() {
    sleeper?.resume()
    sleeper = nil
  }

  /// Aborts it: the step under way is its last one.
  func abort(by actor: String) {
    abortedBy = actor
    wakeUp()
  }

  /// Waits until it has ended.
  func waitForEnd() async {
    guard status.state == .running else { return }
    await withCheckedContinuation { waiting.append($0) }
  }

  /// Notes that it is through, or aborted, at a time in seconds since 1970.
  func end(at seconds: Double) {
    status.state = abortedBy == nil ? .finished : .aborted
    status.finishedAt = seconds
    for continuation in waiting { continuation.resume() }
    waiting = []
  }
}

@available(*, unavailable)
extension RunningAct: Sendable {}

extension SessionOutcome.Outcome {
  /// The outcome as the API tells it.
  init(_ outcome: SessionActOutcome) {
    self =
      switch outcome {
      case .done: .done
      case .queued: .queued
      case .noSuchSession: .noSuchSession
      case .notOpen: .notOpen
      case .tooBig: .tooBig
      case .backlogFull: .backlogFull
      case .notMeant: .noLongerMatches
      }
  }
}
