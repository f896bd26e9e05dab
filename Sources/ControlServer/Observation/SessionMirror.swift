internal import Vocabulary
internal import WebSocketEngine

/// The observer's view of one reactor's sessions: their profiles, from the journal; their numbers
/// it reads from the slab when it is asked.
///
/// Profiles are stored by the indices of their records, so that a scan of the slab meets them in
/// order, and looks into one only for a filter or a column of texts.
final class SessionMirror {
  /// A session that owns a record; none for a record without owner.
  private struct Entry {
    var id: SessionID
    var profile: SessionProfile?

    static let free = Entry(id: SessionID(rawValue: 0))
  }

  let handle: ReactorHandle
  /// The redaction for shown profiles.
  private let redaction: Redaction
  /// The entries, by the indices of their records.
  private var entries: [Entry] = []
  /// The tags of sessions that ever had any, by the indices of their records.
  private var tags: [Int: SessionTags] = [:]
  /// How many sessions are known.
  private(set) var count = 0
  /// The newest session known.
  private(set) var latest = SessionID(rawValue: 0)
  /// Whether the journal's gap is being closed; meanwhile nothing is taken from it.
  var isClosingGap = false

  /// A mirror that knows of no session.
  init(_ handle: ReactorHandle, redaction: Redaction = Redaction()) {
    self.handle = handle
    self.redaction = redaction
  }

  /// Adds a session that was opened.
  func insert(_ profile: SessionProfile) {
    let missing = profile.record + 1 - entries.count
    if missing > 0 { entries.append(contentsOf: repeatElement(.free, count: missing)) }
    if entries[profile.record].profile == nil { count += 1 }
    entries[profile.record] = Entry(id: profile.id, profile: profile)
    tags[profile.record] = nil
    latest = max(latest, profile.id)
  }

  /// Adds the tags of a session that got its first.
  func insert(_ new: SessionTags, of id: SessionID, record: Int) {
    guard record < entries.count, entries[record].id == id else { return }
    tags[record] = new
  }

  /// Removes a session that is gone; gives its profile.
  ///
  /// - Parameter record: the index that its record had.
  func remove(_ id: SessionID, record: Int) -> SessionProfile? {
    guard record < entries.count, entries[record].id == id else { return nil }
    let profile = entries[record].profile
    tags[record] = nil
    entries[record] = .free
    count -= 1
    return profile
  }

  /// Forgets everything and knows these sessions and their tags instead.
  func replace(with profiles: [SessionProfile], _ new: [SessionID: SessionTags]) {
    entries = []
    tags = [:]
    count = 0
    for profile in profiles {
      insert(profile)
      tags[profile.record] = new[profile.id]
    }
  }

  /// The tags of the session that owns a record, as they are now; nil while it is not known which
  /// sessions have any.
  func tags(ofRecord record: Int) -> [SessionTag]? {
    isClosingGap ? nil : tags[record]?.all ?? []
  }

  /// Whether a session has a tag.
  var hasTags: Bool { tags.values.contains { !$0.isEmpty } }

  /// The profile of the session that owns a record, or nil.
  func profile(ofRecord record: Int) -> SessionProfile? {
    record < entries.count ? entries[record].profile : nil
  }

  /// The profile of the session that owns a record, as it is shown, or nil.
  func shown(ofRecord record: Int) -> ShownProfile? {
    profile(ofRecord: record).map { ShownProfile($0, redaction: redaction) }
  }

  /// A session with its numbers now; nil if it is not known or its record has another owner.
  ///
  /// - Complexity: O(sessions ever open at once): an index would cost memory for each session, the
  ///   search costs time only for the few that are asked for.
  func session(_ id: SessionID) -> ObservedSession? {
    entries.firstIndex { $0.id == id }.flatMap { session(id, record: $0) }
  }

  /// A session with its numbers now, by its record.
  func session(_ id: SessionID, record: Int) -> ObservedSession? {
    guard let profile = profile(ofRecord: record), profile.id == id,
      let sample = handle.slab.read(record), sample.identity.id == id
    else { return nil }
    return ObservedSession(
      profile: ShownProfile(profile, redaction: redaction), sample: sample,
      tags: tags(ofRecord: record) ?? [])
  }

  /// How many records were ever in use.
  var recordCount: Int { handle.slab.usedRecordCount }

  /// The record and the numbers of every known session.
  func forEach(_ body: (Int, SessionSample) -> Void) { forEach(in: 0..<recordCount, body) }

  /// The record and the numbers of the known sessions in some records.
  func forEach(in records: Range<Int>, _ body: (Int, SessionSample) -> Void) {
    let entries = entries
    handle.slab.forEachOpen(in: records) { record, sample in
      guard record < entries.count, entries[record].id == sample.identity.id else { return }
      body(record, sample)
    }
  }
}

@available(*, unavailable)
extension SessionMirror: Sendable {}
