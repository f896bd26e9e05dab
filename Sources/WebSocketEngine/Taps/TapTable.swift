import EventLoop
import Vocabulary

/// The taps of one reactor's sessions.
///
/// The taps of a session stand here and not in the session, which would be larger for it. Confined
/// to its reactor.
final class TapTable {
  /// One tap on this reactor.
  final class Line {
    let tap: Tap
    var criteria: TapCriteria
    /// Whether a session that opens is tapped; nil: only attached ones are.
    let admits: Server.TapAdmission?
    var isEnded = false
    /// The sessions that it is yet to have (true), or to have no more.
    var wishes: [SessionID: Bool] = [:]
    /// Whether a command that fulfils some of the wishes is on its way.
    var isFulfilling = false

    init(_ tap: Tap, _ criteria: TapCriteria, _ admits: Server.TapAdmission?) {
      self.tap = tap
      self.criteria = criteria
      self.admits = admits
    }
  }

  private var lines: [ObjectIdentifier: Line] = [:]
  private var linesBySession: [SessionID: [Line]] = [:]
  /// The compressed size of the message that is delivered next.
  private var compressedByteCount: Int?

  /// Whether there is no tap, which is asked when a session opens.
  var isEmpty: Bool { lines.isEmpty }

  // MARK: Taps

  func begin(_ tap: Tap, _ criteria: TapCriteria, _ admits: Server.TapAdmission?) {
    lines[ObjectIdentifier(tap)] = Line(tap, criteria, admits)
  }

  func change(_ tap: Tap, to criteria: TapCriteria) {
    lines[ObjectIdentifier(tap)]?.criteria = criteria
  }

  /// Ends a tap: it gets nothing from here on.
  ///
  /// - Returns: the sessions that are still to be detached.
  func end(_ tap: Tap) -> [SessionID] {
    guard let line = lines.removeValue(forKey: ObjectIdentifier(tap)) else { return [] }
    line.isEnded = true
    return linesBySession.compactMap { id, lines in
      lines.contains { $0 === line } ? id : nil
    }
  }

  // MARK: Sessions

  /// Taps a session that has been opened, if a tap admits it.
  func admit(_ session: Session) {
    let flags = session.reactor.slab.read(session.record)?.flags ?? []
    for line in lines.values where line.admits?(session.profile, flags) == true {
      add(session, to: line)
    }
  }

  func attach(_ session: Session, to tap: Tap) -> Bool {
    guard let line = lines[ObjectIdentifier(tap)] else { return false }
    add(session, to: line)
    return true
  }

  /// Notes the sessions that a tap is to have, or to have no more.
  ///
  /// - Returns: whether the caller is to begin fulfilling them.
  func add(_ wishes: [SessionID: Bool], of tap: Tap) -> Bool {
    guard let line = lines[ObjectIdentifier(tap)] else { return false }
    if line.wishes.isEmpty { line.wishes = wishes } else { line.wishes.merge(wishes) { $1 } }
    return !line.isFulfilling
  }

  func hasWishes(of tap: Tap) -> Bool {
    !(lines[ObjectIdentifier(tap)]?.wishes.isEmpty ?? true)
  }

  /// Notes whether a command that fulfils some more wishes is on its way.
  func setFulfilling(_ isFulfilling: Bool, of tap: Tap) {
    lines[ObjectIdentifier(tap)]?.isFulfilling = isFulfilling
  }

  /// Takes some of the sessions that are to be attached (true) or detached.
  func takeWishes(of tap: Tap, maximumCount: Int) -> [(SessionID, Bool)] {
    guard let line = lines[ObjectIdentifier(tap)] else { return [] }
    let taken = line.wishes.prefix(maximumCount).map { ($0.key, $0.value) }
    for (id, _) in taken { line.wishes[id] = nil }
    return taken
  }

  private func add(_ session: Session, to line: Line) {
    var sessionLines = linesBySession[session.id] ?? []
    guard !sessionLines.contains(where: { $0 === line }) else { return }
    sessionLines.append(line)
    linesBySession[session.id] = sessionLines
    line.tap.noteSessions(1)
    if sessionLines.count == 1 { session.setTapped(true) }
  }

  /// Takes a session from a tap, which may have ended.
  func detach(_ session: Session, from tap: Tap) {
    guard var sessionLines = linesBySession[session.id],
      let index = sessionLines.firstIndex(where: { $0.tap === tap })
    else { return }
    sessionLines.remove(at: index).tap.noteSessions(-1)
    linesBySession[session.id] = sessionLines.isEmpty ? nil : sessionLines
    if sessionLines.isEmpty { session.setTapped(false) }
  }

  /// Forgets a session that is gone.
  func forget(_ id: SessionID) {
    for line in linesBySession.removeValue(forKey: id) ?? [] { line.tap.noteSessions(-1) }
  }

  // MARK: Messages

  /// Notes the compressed size of the message that is delivered next.
  func note(compressedByteCount: Int?) { self.compressedByteCount = compressedByteCount }

  func takeCompressedByteCount() -> Int? { compressedByteCount.take() }

  /// Offers a message to the taps of its session.
  func offer(
    _ direction: TapDirection, _ kind: TapKind, _ payload: Span<UInt8>, of id: SessionID,
    compressedByteCount: Int?, closeCode: CloseCode?, at now: Instant
  ) {
    for line in linesBySession[id] ?? [] where !line.isEnded {
      guard
        line.criteria.admit(direction, kind, byteCount: payload.count, payload: payload)
      else { continue }
      line.tap.offer(at: now) {
        TappedMessage(
          session: id, direction: direction, kind: kind, byteCount: payload.count,
          compressedByteCount: compressedByteCount, at: SystemClock.secondsSince1970(),
          payload: Array(
            copying: payload.extracting(
              0..<min(payload.count, Tap.maximumPayloadByteCount))),
          closeCode: closeCode)
      }
    }
  }
}

@available(*, unavailable)
extension TapTable: Sendable {}
