import Vocabulary

/// The owner of a statistics record, which is asked for by name.
protocol RecordOwner: AnyObject {
  /// Its name.
  var id: SessionID { get }
  /// The index of its record.
  var record: Int { get }
}

extension Session: RecordOwner {}

/// The sessions of a reactor: by the indices of their records, and found by their names.
///
/// The names are hashed into a table of record indices alone, open addressing with linear probing:
/// 13 to 19 bytes a session in all, where a dictionary takes 21 to 43.
struct SessionHashTable<Session: RecordOwner> {
  private var sessions: [Session?] = []
  /// The record's index + 1 in each taken place, 0 in the others; a power of two of them.
  private var places: [UInt32] = Array(repeating: 0, count: 16)
  /// How many sessions there are.
  private(set) var count = 0

  /// The session of a name, or nil.
  subscript(id: SessionID) -> Session? {
    let place = place(of: id)
    return places[place] == 0 ? nil : sessions[Int(places[place]) - 1]
  }

  /// The sessions, in no order.
  var values: some Sequence<Session> { sessions.lazy.compactMap { $0 } }

  /// The records that sessions may have.
  var records: Range<Int> { sessions.indices }

  /// The sessions of some records, in the order of these.
  func values(of records: Range<Int>) -> some Sequence<Session> {
    sessions[records.clamped(to: sessions.indices)].lazy.compactMap { $0 }
  }

  /// Adds a session.
  ///
  /// - Precondition: neither its name nor its record is in the table.
  mutating func insert(_ session: Session) {
    if (count + 1) * 4 > places.count * 3 { grow() }
    let record = session.record
    let missing = record + 1 - sessions.count
    if missing > 0 { sessions.append(contentsOf: repeatElement(nil, count: missing)) }
    let place = place(of: session.id)
    precondition(places[place] == 0 && sessions[record] == nil, "the session is in the table")
    sessions[record] = session
    places[place] = UInt32(record + 1)
    count += 1
  }

  /// Takes a session out; false if it is not in the table.
  mutating func remove(_ session: Session) -> Bool {
    var hole = place(of: session.id)
    guard places[hole] != 0 else { return false }
    places[hole] = 0
    sessions[session.record] = nil
    count -= 1
    // A session that was put behind the hole because its own place was taken moves up, or it is not
    // found.
    var next = hole
    while true {
      next = (next + 1) & mask
      guard places[next] != 0, let moved = sessions[Int(places[next]) - 1] else { return true }
      let home = home(of: moved.id)
      guard (next - home) & mask >= (next - hole) & mask else { continue }
      places[hole] = places[next]
      places[next] = 0
      hole = next
    }
  }

  private var mask: Int { places.count - 1 }

  /// The place at which the search for a name begins.
  private func home(of id: SessionID) -> Int {
    // Fibonacci hashing: names are consecutive numbers, and the upper bits mix best.
    Int(truncatingIfNeeded: (id.rawValue &* 0x9E37_79B9_7F4A_7C15) >> 32) & mask
  }

  /// The place of a name, or the free one where it would be.
  private func place(of id: SessionID) -> Int {
    var place = home(of: id)
    while places[place] != 0, sessions[Int(places[place]) - 1]?.id != id {
      place = (place + 1) & mask
    }
    return place
  }

  private mutating func grow() {
    let old = places
    places = Array(repeating: 0, count: old.count * 2)
    for entry in old where entry != 0 {
      guard let session = sessions[Int(entry) - 1] else { continue }
      places[place(of: session.id)] = entry
    }
  }
}
