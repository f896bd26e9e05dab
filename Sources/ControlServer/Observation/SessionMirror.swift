internal import ControlProtocol
internal import Vocabulary
internal import WebSocketEngine

/// What the observer knows of one reactor's sessions: who they are, from the journal; their
/// numbers it reads from the slab when it is asked.
struct SessionMirror {
  private struct Entry {
    var profile: SessionProfile
    var path: String
    var address: IPAddress?

    func session(_ sample: SessionSample) -> ObservedSession {
      ObservedSession(profile: profile, path: path, address: address, sample: sample)
    }
  }

  let share: ReactorShare
  /// By the places of their records, so that a scan of the slab meets them in order.
  private var entries: [Entry?] = []
  private var records: [SessionID: Int] = [:]
  /// The journal's gap is being closed; meanwhile nothing is taken from it.
  var isClosingGap = false

  init(_ share: ReactorShare) {
    self.share = share
  }

  /// How many sessions are known.
  var count: Int { records.count }

  /// A session was opened.
  mutating func insert(_ profile: SessionProfile) {
    if profile.record >= entries.count {
      entries.append(contentsOf: repeatElement(nil, count: profile.record + 1 - entries.count))
    }
    if let old = entries[profile.record] { records[old.profile.id] = nil }
    entries[profile.record] = Entry(
      profile: profile, path: profile.request.rawPath,
      address: IPAddress(profile.request.remoteAddress))
    records[profile.id] = profile.record
  }

  /// A session is gone; gives what was known of it.
  mutating func remove(_ id: SessionID) -> SessionProfile? {
    guard let record = records.removeValue(forKey: id) else { return nil }
    let profile = entries[record]?.profile
    entries[record] = nil
    return profile
  }

  /// Forgets everything and knows these sessions instead.
  mutating func replace(with profiles: [SessionProfile]) {
    entries = []
    records = [:]
    for profile in profiles { insert(profile) }
  }

  /// A session with its numbers now; nil if it is not known or its record has another owner.
  func session(_ id: SessionID) -> ObservedSession? {
    guard let record = records[id], let entry = entries[record],
      let sample = share.slab.read(record), sample.identity.id == id
    else { return nil }
    return entry.session(sample)
  }

  /// Every known session with its numbers now.
  func forEach(_ body: (ObservedSession) -> Void) {
    share.slab.forEachOpen { record, sample in
      guard record < entries.count, let entry = entries[record],
        entry.profile.id == sample.identity.id
      else { return }
      body(entry.session(sample))
    }
  }
}
