// One reactor's session records, which the observer reads while the reactor writes.
//
// A record is sixteen 64-bit atomic words: two cache lines, of which a turn's counts touch the
// first and half the second. Every word is stored by one thread, the reactor's, with a relaxed load
// and a relaxed store; no read-modify-write anywhere. A reader must not take numbers of two
// sessions for those of one, so the header word carries a version:
//
//   writer: header ← odd version · release fence · identity and zeros · header ← even (release)
//   reader: header (acquire) · all words · acquire fence · header again, the same version?
//
// A reader that meets an odd or a changed version tries again, three times, then leaves the record
// out: it will be there at the next tick. Round trips are kept in whole microseconds, two in a
// word, and the route index in sixteen bits, because that makes it two lines and not three.
//
// Few sessions ever have a message dropped. Their counts stand in a table beside the chunk of their
// records, a word a record, made when the first session of a chunk has one dropped: the others pay
// for it eight bytes in 512 sessions.
//
// Records live in chunks that are never moved nor freed while the slab lives, found through a
// directory of atomic pointers that is as long as the maximum demands. A `reserve everything` mmap
// was rejected: 128 B × the greatest `sessions` × 64 reactors looks like 80 GB in every tool.

import Synchronization
package import Vocabulary

/// The statistics records of one reactor's sessions: one writer, any readers, no locks.
///
/// `allocate`, `publish`, `countDropped`, `recordRoundTrip`, `setState`, `setFlag` and `release` are
/// called on the reactor's thread only. A slot is valid from `allocate` to `release`.
@safe package final class StatisticsSlab: Sendable {
  /// The words of a record.
  private enum Word: Int, CaseIterable {
    case messagesIn, messagesOut, bytesIn, bytesOut, wireIn, wireOut, lastIn, lastOut
    case largestIn, largestOut, backlog, backlogPeak, roundTrips, header, id, openedAt
  }

  private typealias Words = UnsafeMutablePointer<Atomic<UInt64>>

  /// How many bytes one record takes.
  package static let recordByteCount = wordsPerRecord * 8
  private static let wordsPerRecord = 16
  private static let recordsPerChunk = 512
  private static let readAttemptCount = 3

  /// The most records there can be.
  package let maximumCount: Int

  /// The chunks; each entry is set once, by the writer, before `usedCount` covers its records.
  ///
  /// Shared unsafely because the compiler cannot see that only atomics are behind the pointer.
  nonisolated(unsafe) private let directory: UnsafeMutablePointer<Atomic<UnsafeMutableRawPointer?>>
  /// The tables of dropped messages by chunk; each entry is set once, by the writer, and stays nil
  /// while no session of its chunk has a message dropped.
  nonisolated(unsafe) private let drops: UnsafeMutablePointer<Atomic<UnsafeMutableRawPointer?>>
  private let directoryCount: Int
  /// How many slots were ever used; the chunks up to there exist.
  private let usedCount = Atomic<Int>(0)
  /// The first free slot + 1, or 0; each free record's `id` word holds the next one likewise.
  private let firstFree = Atomic<UInt64>(0)

  /// An empty slab.
  ///
  /// - Parameter maximumCount: the most sessions the reactor will ever own at once. Memory is taken
  ///   as they come, 64 KiB at a time, and 32 bytes per 1 000 of the maximum at once.
  package init(maximumCount: Int) {
    precondition(maximumCount > 0 && Word.allCases.count == Self.wordsPerRecord)
    self.maximumCount = maximumCount
    directoryCount = (maximumCount + Self.recordsPerChunk - 1) / Self.recordsPerChunk
    unsafe directory = .allocate(capacity: directoryCount)
    unsafe drops = .allocate(capacity: directoryCount)
    for index in 0..<directoryCount {
      unsafe (directory + index).initialize(to: Atomic(nil))
      unsafe (drops + index).initialize(to: Atomic(nil))
    }
  }

  deinit {
    for index in 0..<directoryCount {
      unsafe directory[index].load(ordering: .acquiring)?.deallocate()
      unsafe drops[index].load(ordering: .acquiring)?.deallocate()
    }
    unsafe directory.deallocate()
    unsafe drops.deallocate()
  }

  // MARK: The writer: the reactor's thread

  /// Takes a record for a session; its counts are zero, and `lastIn` and `lastOut` are `now`.
  ///
  /// - Returns: the slot, or nil if `maximumCount` records are in use.
  package func allocate(
    _ identity: SessionIdentity, state: SessionState, flags: SessionFlags = [], at now: Instant
  ) -> Int? {
    guard let slot = takeSlot() else { return nil }
    let record = record(at: slot)
    let old = RecordHeader(bits: record.load(.header))
    record.store(old.next.bits, to: .header)
    atomicMemoryFence(ordering: .releasing)
    for word in Word.allCases where word != .header { record.store(0, to: word) }
    record.store(identity.id.rawValue, to: .id)
    record.store(UInt64(bitPattern: identity.openedAt.nanoseconds), to: .openedAt)
    record.store(UInt64(bitPattern: now.nanoseconds), to: .lastIn)
    record.store(UInt64(bitPattern: now.nanoseconds), to: .lastOut)
    if let count = unsafe dropCount(of: slot) { unsafe count.pointee.store(0, ordering: .relaxed) }
    var header = old.next.next
    header.route = identity.route
    header.state = state
    header.flags = flags
    record.releaseHeader(header)
    return slot
  }

  /// Adds the counts of a session's turn; called once per session and turn.
  ///
  /// - Parameter now: the turn's time, which `lastIn` or `lastOut` becomes if a message passed.
  @inline(__always)
  package func publish(_ slot: Int, _ delta: TurnDelta, at now: Instant) {
    let record = record(at: slot)
    record.add(delta.messagesIn, to: .messagesIn)
    record.add(delta.messagesOut, to: .messagesOut)
    record.add(delta.bytesIn, to: .bytesIn)
    record.add(delta.bytesOut, to: .bytesOut)
    record.add(delta.wireIn, to: .wireIn)
    record.add(delta.wireOut, to: .wireOut)
    if delta.messagesIn > 0 {
      record.store(UInt64(bitPattern: now.nanoseconds), to: .lastIn)
      record.raise(.largestIn, to: delta.largestIn)
    }
    if delta.messagesOut > 0 {
      record.store(UInt64(bitPattern: now.nanoseconds), to: .lastOut)
      record.raise(.largestOut, to: delta.largestOut)
    }
    record.store(UInt64(truncatingIfNeeded: delta.backlog), to: .backlog)
    record.raise(.backlogPeak, to: delta.backlog)
  }

  /// Sets the output that the peer has yet to take, outside a turn of the session's own.
  package func setBacklog(_ slot: Int, _ byteCount: Int) {
    let record = record(at: slot)
    record.store(UInt64(truncatingIfNeeded: byteCount), to: .backlog)
    record.raise(.backlogPeak, to: byteCount)
  }

  /// Counts a message that was not sent to the session, because too much output waited.
  package func countDropped(_ slot: Int) {
    let count = unsafe dropCount(of: slot) ?? addDrops(of: slot)
    unsafe count.pointee.store(
      count.pointee.load(ordering: .relaxed) &+ 1, ordering: .relaxed)
  }

  /// Records a round trip, and smooths: an eighth of each new one (as RFC 6298 §2.3 does).
  package func recordRoundTrip(_ slot: Int, _ duration: Duration) {
    let record = record(at: slot)
    let microseconds = max(1, duration.wholeNanoseconds / 1000)
    let last = UInt64(min(microseconds, Int64(UInt32.max)))
    let before = record.load(.roundTrips) >> 32
    let smoothed = before == 0 ? last : max(1, (7 * before + last) / 8)
    record.store(smoothed << 32 | last, to: .roundTrips)
  }

  /// The time of the session's last message in either direction, or of the record's taking.
  package func lastMessage(_ slot: Int) -> Instant {
    let record = record(at: slot)
    let last = max(
      Int64(bitPattern: record.load(.lastIn)), Int64(bitPattern: record.load(.lastOut)))
    return Instant(nanoseconds: last)
  }

  /// How many bytes were sent on the session's connection.
  package func wireOut(_ slot: Int) -> Int {
    Int(truncatingIfNeeded: record(at: slot).load(.wireOut))
  }

  /// Sets the state of the session.
  package func setState(_ slot: Int, _ state: SessionState) {
    change(slot) { $0.state = state }
  }

  /// Sets or clears a flag of the session; the other flags stay.
  package func setFlag(_ flag: SessionFlags, of slot: Int, to isSet: Bool) {
    change(slot) { header in
      header.flags = isSet ? header.flags.union(flag) : header.flags.subtracting(flag)
    }
  }

  /// Gives a record back; its content is gone for readers.
  package func release(_ slot: Int) {
    let record = record(at: slot)
    var header = RecordHeader(bits: record.load(.header)).next.next
    precondition(header.state != nil, "released twice")
    header.state = nil
    record.store(header.bits, to: .header)
    atomicMemoryFence(ordering: .releasing)
    record.store(firstFree.load(ordering: .relaxed), to: .id)
    firstFree.store(UInt64(slot + 1), ordering: .relaxed)
  }

  // MARK: Readers: any thread

  /// Reads a record.
  ///
  /// - Returns: the session's numbers, or nil if the slot is free or changed hands at every try.
  package func read(_ slot: Int) -> SessionSample? {
    guard slot >= 0, slot < usedCount.load(ordering: .acquiring) else { return nil }
    return sample(at: slot)
  }

  /// Reads every record in use, in the order of slots.
  ///
  /// A session that opens or closes meanwhile may or may not be among them.
  ///
  /// - Complexity: O(the most sessions the reactor ever owned at once).
  package func forEachOpen(_ body: (Int, SessionSample) -> Void) {
    forEachOpen(in: 0..<usedRecordCount, body)
  }

  /// How many records were ever in use, and so the end of a walk over them.
  package var usedRecordCount: Int { usedCount.load(ordering: .acquiring) }

  /// Reads the records in use of a range of slots, which have been in use.
  package func forEachOpen(in records: Range<Int>, _ body: (Int, SessionSample) -> Void) {
    for slot in records.clamped(to: 0..<usedRecordCount) {
      if let sample = sample(at: slot) { body(slot, sample) }
    }
  }

  /// The most output that any session is owed now, in bytes.
  ///
  /// - Complexity: O(the most sessions the reactor ever owned at once), a load each.
  package var largestBacklog: Int {
    (0..<usedCount.load(ordering: .acquiring)).reduce(0) { largest, slot in
      // A free record owes nothing, so that its owner need not be known.
      max(largest, Int(truncatingIfNeeded: record(at: slot).load(.backlog)))
    }
  }

  @inline(__always)
  private func sample(at slot: Int) -> SessionSample? {
    let record = record(at: slot)
    for _ in 0..<Self.readAttemptCount {
      let before = record.acquireHeader()
      guard before.version & 1 == 0 else { continue }
      guard before.state != nil else { return nil }
      var sample = record.sample()
      if let count = unsafe dropCount(of: slot) {
        sample.droppedMessages = Int(
          truncatingIfNeeded: unsafe count.pointee.load(ordering: .relaxed))
      }
      atomicMemoryFence(ordering: .acquiring)
      let after = RecordHeader(bits: record.load(.header))
      guard after.version == before.version, let state = after.state else { continue }
      sample.identity.route = after.route
      sample.state = state
      sample.flags = after.flags
      return sample
    }
    return nil
  }

  // MARK: Memory

  private func change(_ slot: Int, _ body: (inout RecordHeader) -> Void) {
    let record = record(at: slot)
    var header = RecordHeader(bits: record.load(.header))
    precondition(header.state != nil, "the slot is free")
    body(&header)
    record.store(header.bits, to: .header)
  }

  private func takeSlot() -> Int? {
    let free = firstFree.load(ordering: .relaxed)
    if free > 0 {
      let slot = Int(free) - 1
      firstFree.store(record(at: slot).load(.id), ordering: .relaxed)
      return slot
    }
    let slot = usedCount.load(ordering: .relaxed)
    guard slot < maximumCount else { return nil }
    if slot % Self.recordsPerChunk == 0 { addChunk(slot / Self.recordsPerChunk) }
    usedCount.store(slot + 1, ordering: .releasing)
    return slot
  }

  private func addChunk(_ index: Int) {
    let wordCount = Self.recordsPerChunk * Self.wordsPerRecord
    let chunk = UnsafeMutableRawPointer.allocate(byteCount: wordCount * 8, alignment: 128)
    let words = unsafe chunk.bindMemory(to: Atomic<UInt64>.self, capacity: wordCount)
    for word in 0..<wordCount { unsafe (words + word).initialize(to: Atomic(0)) }
    unsafe directory[index].store(chunk, ordering: .releasing)
  }

  /// The word with the session's dropped messages; nil while no session of its chunk had any.
  @inline(__always)
  private func dropCount(of slot: Int) -> Words? {
    let (chunk, index) = slot.quotientAndRemainder(dividingBy: Self.recordsPerChunk)
    guard let base = unsafe drops[chunk].load(ordering: .acquiring) else { return nil }
    return unsafe base.assumingMemoryBound(to: Atomic<UInt64>.self) + index
  }

  /// Makes the table of a chunk, and gives the word of a slot in it.
  private func addDrops(of slot: Int) -> Words {
    let (chunk, index) = slot.quotientAndRemainder(dividingBy: Self.recordsPerChunk)
    let words = Words.allocate(capacity: Self.recordsPerChunk)
    for word in 0..<Self.recordsPerChunk { unsafe (words + word).initialize(to: Atomic(0)) }
    unsafe drops[chunk].store(UnsafeMutableRawPointer(words), ordering: .releasing)
    return unsafe words + index
  }

  /// The record of a slot; valid while the slab lives, so it must not leave a method of the slab.
  @inline(__always)
  private func record(at slot: Int) -> Record {
    precondition(slot >= 0 && slot < usedCount.load(ordering: .relaxed), "no such slot")
    let (chunk, index) = slot.quotientAndRemainder(dividingBy: Self.recordsPerChunk)
    guard let base = unsafe directory[chunk].load(ordering: .relaxed) else {
      preconditionFailure("used slots have memory")
    }
    return unsafe Record(
      words: base.assumingMemoryBound(to: Atomic<UInt64>.self) + index * Self.wordsPerRecord)
  }

  /// One record's words, named.
  @safe private struct Record {
    let words: Words

    @inline(__always)
    func load(_ word: Word) -> UInt64 {
      unsafe words[word.rawValue].load(ordering: .relaxed)
    }

    @inline(__always)
    func acquireHeader() -> RecordHeader {
      RecordHeader(bits: unsafe words[Word.header.rawValue].load(ordering: .acquiring))
    }

    @inline(__always)
    func releaseHeader(_ header: RecordHeader) {
      unsafe words[Word.header.rawValue].store(header.bits, ordering: .releasing)
    }

    @inline(__always)
    func store(_ value: UInt64, to word: Word) {
      unsafe words[word.rawValue].store(value, ordering: .relaxed)
    }

    @inline(__always)
    func add(_ amount: Int, to word: Word) {
      store(load(word) &+ UInt64(truncatingIfNeeded: amount), to: word)
    }

    /// Raises a maximum.
    @inline(__always)
    func raise(_ word: Word, to amount: Int) {
      let value = UInt64(truncatingIfNeeded: max(amount, 0))
      if value > load(word) { store(value, to: word) }
    }

    /// The words as a sample, but for the header's fields.
    @inline(__always)
    func sample() -> SessionSample {
      func number(_ word: Word) -> Int { Int(truncatingIfNeeded: load(word)) }
      func instant(_ word: Word) -> Instant {
        Instant(nanoseconds: Int64(bitPattern: load(word)))
      }
      let roundTrips = load(.roundTrips)
      let (last, smoothed) = (Int64(roundTrips & 0xFFFF_FFFF), Int64(roundTrips >> 32))
      return SessionSample(
        identity: SessionIdentity(
          id: SessionID(rawValue: load(.id)),
          openedAt: Instant(nanoseconds: Int64(bitPattern: load(.openedAt))),
          route: nil),
        state: .opening, flags: [], lastIn: instant(.lastIn), lastOut: instant(.lastOut),
        messagesIn: number(.messagesIn), messagesOut: number(.messagesOut),
        bytesIn: number(.bytesIn), bytesOut: number(.bytesOut), wireIn: number(.wireIn),
        wireOut: number(.wireOut), largestIn: number(.largestIn),
        largestOut: number(.largestOut), backlog: number(.backlog),
        backlogPeak: number(.backlogPeak), roundTripLast: last == 0 ? nil : last * 1000,
        roundTripSmoothed: smoothed == 0 ? nil : smoothed * 1000)
    }
  }
}
