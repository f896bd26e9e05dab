internal import ControlProtocol
internal import Vocabulary
internal import WebSocketEngine

/// What the observer knows of one reactor's sessions: who they are, from the journal; their
/// numbers it reads from the slab when it is asked.
///
/// What filters and columns look at lies beside the reference to the profile, by the places of
/// the sessions' records: a scan of the slab meets it in order and touches no profile, which are
/// spread over the whole memory.
final class SessionMirror {
  /// What is known of the session that owns a record.
  struct Entry {
    /// The session's name; that of no session for a record without owner.
    var id: SessionID
    /// The pattern of its route.
    var route: String
    /// The path of its request.
    var path: String
    /// The peer's address; nil for a Unix socket.
    var address: IPAddress?
    /// The peer's port.
    var port: Int
    /// What was said when it was opened.
    var profile: SessionProfile?

    static let free = Entry(id: SessionID(rawValue: 0), route: "", path: "", port: 0)
  }

  let share: ReactorShare
  /// By the places of the records.
  private(set) var entries: [Entry] = []
  private var records: [SessionID: Int] = [:]
  /// The journal's gap is being closed; meanwhile nothing is taken from it.
  var isClosingGap = false

  /// A mirror that knows of no session.
  init(_ share: ReactorShare) {
    self.share = share
  }

  /// How many sessions are known.
  var count: Int { records.count }

  /// A session was opened.
  func insert(_ profile: SessionProfile) {
    let missing = profile.record + 1 - entries.count
    if missing > 0 { entries.append(contentsOf: repeatElement(.free, count: missing)) }
    if let old = entries[profile.record].profile { records[old.id] = nil }
    let request = profile.request
    entries[profile.record] = Entry(
      id: profile.id, route: profile.route, path: request.rawPath,
      address: IPAddress(request.remoteAddress), port: request.remotePort, profile: profile)
    records[profile.id] = profile.record
  }

  /// A session is gone; gives what was known of it.
  func remove(_ id: SessionID) -> SessionProfile? {
    guard let record = records.removeValue(forKey: id) else { return nil }
    let profile = entries[record].profile
    entries[record] = .free
    return profile
  }

  /// Forgets everything and knows these sessions instead.
  func replace(with profiles: [SessionProfile]) {
    entries = []
    records = [:]
    for profile in profiles { insert(profile) }
  }

  /// A session with its numbers now; nil if it is not known or its record has another owner.
  func session(_ id: SessionID) -> ObservedSession? {
    guard let record = records[id], let profile = entries[record].profile,
      let sample = share.slab.read(record), sample.identity.id == id
    else { return nil }
    return ObservedSession(profile: profile, sample: sample)
  }

  /// The record and the numbers of every known session.
  func forEach(_ body: (Int, SessionSample) -> Void) {
    let entries = entries
    share.slab.forEachOpen { record, sample in
      guard record < entries.count, entries[record].id == sample.identity.id else { return }
      body(record, sample)
    }
  }
}

@available(*, unavailable)
extension SessionMirror: Sendable {}
