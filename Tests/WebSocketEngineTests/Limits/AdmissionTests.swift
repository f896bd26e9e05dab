import Testing
import Vocabulary
import WebSocketProtocol

@testable import WebSocketEngine

@Suite("Admission")
struct AdmissionTests {
  private let now = Instant(nanoseconds: 0)

  private func limits(_ flags: String...) throws -> EngineLimits {
    EngineLimits(try LimitSettings(environment: [:], flags: flags))
  }

  @Test("Sessions are let in up to the limit, and refused with 503 beyond it")
  func sessions() throws {
    let admission = Admission(try limits("sessions=2"), availableSessionCount: 100)
    let first = try admission.admit(address: "10.0.0.1", now: now)
    let second = try admission.admit(address: "10.0.0.2", now: now)
    let refusal = try #require(throws: HandshakeRefusal.self) {
      try admission.admit(address: "10.0.0.3", now: now).end()
    }
    #expect(refusal == .tooManySessions)
    #expect(refusal.status == .serviceUnavailable)
    #expect(refusal.headers["Retry-After"] != nil)
    #expect(admission.sessionCount == 2 && admission.addressCount == 2)
    first.end()
    #expect(admission.sessionCount == 1)
    try admission.admit(address: "10.0.0.3", now: now).end()
    second.end()
    #expect(admission.sessionCount == 0 && admission.addressCount == 0)
  }

  @Test("Descriptors bound the sessions too")
  func descriptors() throws {
    let admission = Admission(try limits("sessions=1000"), availableSessionCount: 1)
    #expect(admission.maximumSessionCount == 1)
    let only = try admission.admit(address: nil, now: now)
    #expect(throws: HandshakeRefusal.tooManySessions) {
      try admission.admit(address: nil, now: now).end()
    }
    only.end()
    #expect(Admission(try limits(), availableSessionCount: -5).maximumSessionCount == 0)
  }

  @Test("One address is let in up to its limit, and refused with 429; others are not concerned")
  func perAddress() throws {
    let admission = Admission(try limits("sessions-per-address=1"), availableSessionCount: 100)
    let first = try admission.admit(address: "10.0.0.1", now: now)
    let refusal = try #require(throws: HandshakeRefusal.self) {
      try admission.admit(address: "10.0.0.1", now: now).end()
    }
    #expect(refusal == .tooManySessionsFromAddress)
    #expect(refusal.status == .tooManyRequests)
    #expect(admission.sessionCount == 1 && admission.sessionCount(from: "10.0.0.1") == 1)
    let other = try admission.admit(address: "10.0.0.2", now: now)
    first.end()
    let again = try admission.admit(address: "10.0.0.1", now: now)
    #expect(admission.sessionCount == 2)
    other.end()
    again.end()
    #expect(admission.sessionCount == 0 && admission.addressCount == 0)
  }

  @Test("Peers without an address are bounded by sessions alone")
  func withoutAddress() throws {
    let admission = Admission(try limits("sessions-per-address=1"), availableSessionCount: 100)
    let first = try admission.admit(address: nil, now: now)
    let second = try admission.admit(address: nil, now: now)
    #expect(admission.sessionCount == 2 && admission.addressCount == 0)
    first.end()
    second.end()
    #expect(admission.sessionCount == 0)
  }

  @Test("Full buffers refuse new sessions with 503 until they are emptier")
  func bufferedBytes() throws {
    let admission = Admission(try limits("buffered-bytes=1MiB"), availableSessionCount: 100)
    admission.buffered.add(1 << 20)
    try admission.admit(address: nil, now: now).end()
    admission.buffered.add(1)
    let refusal = try #require(throws: HandshakeRefusal.self) {
      try admission.admit(address: nil, now: now).end()
    }
    #expect(refusal == .tooManyBufferedBytes)
    #expect(refusal.status == .serviceUnavailable)
    #expect(admission.sessionCount == 0)
    admission.buffered.add(-1)
    #expect(admission.buffered.byteCount == 1 << 20)
    try admission.admit(address: nil, now: now).end()
  }

  @Test("A lower limit closes nobody, and holds for those who come")
  func lowering() throws {
    let admission = Admission(try limits(), availableSessionCount: 100)
    let first = try admission.admit(address: "a", now: now)
    let second = try admission.admit(address: "a", now: now)
    admission.setLimits(try limits("sessions=1", "sessions-per-address=1"))
    #expect(admission.sessionCount == 2)
    first.end()
    #expect(throws: HandshakeRefusal.tooManySessions) {
      try admission.admit(address: "a", now: now).end()
    }
    second.end()
    try admission.admit(address: "a", now: now).end()
    admission.setLimits(try limits("sessions-per-address=2"))
    let third = try admission.admit(address: "a", now: now)
    let fourth = try admission.admit(address: "a", now: now)
    third.end()
    fourth.end()
    #expect(admission.sessionCount == 0 && admission.addressCount == 0)
  }

  @Test("As many handshakes a second as the limit says, the rest refused with 503 and a time")
  func handshakeRate() throws {
    let admission = Admission(
      try limits("handshakes-per-second=2", "sessions-per-address=5"), availableSessionCount: 100)
    func at(_ milliseconds: Int) -> Instant { now.advanced(by: .milliseconds(milliseconds)) }
    try admission.admit(address: nil, now: at(0)).end()
    try admission.admit(address: "a", now: at(0)).end()
    let refusal = try #require(throws: HandshakeRefusal.self) {
      try admission.admit(address: "a", now: at(499)).end()
    }
    #expect(refusal == .tooManyHandshakes)
    #expect(refusal.status == .serviceUnavailable)
    #expect(refusal.headers["Retry-After"] == "1")
    #expect(admission.sessionCount == 0 && admission.addressCount == 0)
    try admission.admit(address: "a", now: at(500)).end()
    #expect(throws: HandshakeRefusal.tooManyHandshakes) {
      try admission.admit(address: "a", now: at(501)).end()
    }
    // One second's worth at once, and no more, however long nobody came; also if another
    // reactor's clock is a turn behind.
    for instant in [at(60_000), at(59_990)] {
      try admission.admit(address: "a", now: instant).end()
    }
    #expect(throws: HandshakeRefusal.tooManyHandshakes) {
      try admission.admit(address: "a", now: at(60_000)).end()
    }
    admission.setLimits(try limits("handshakes-per-second=1000"))
    #expect(throws: HandshakeRefusal.tooManyHandshakes) {
      try admission.admit(address: "a", now: at(60_000)).end()
    }
    try admission.admit(address: "a", now: at(60_001)).end()
    admission.setLimits(try limits())
    for _ in 0..<100 { try admission.admit(address: "a", now: at(60_001)).end() }
    admission.setLimits(try limits("handshakes-per-second=1"))
    try admission.admit(address: "a", now: at(60_001)).end()
    #expect(throws: HandshakeRefusal.tooManyHandshakes) {
      try admission.admit(address: "a", now: at(60_001)).end()
    }
  }

  @Test("A handshake refused for another reason takes nothing from the rate")
  func handshakeRateComesLast() throws {
    let admission = Admission(
      try limits("handshakes-per-second=2", "sessions-per-address=1"), availableSessionCount: 100)
    let first = try admission.admit(address: "a", now: now)
    for _ in 0..<50 {
      #expect(throws: HandshakeRefusal.tooManySessionsFromAddress) {
        try admission.admit(address: "a", now: now).end()
      }
    }
    try admission.admit(address: "b", now: now).end()
    first.end()
  }

  @Test("A ticket that is only dropped gives its place up")
  func dropped() throws {
    let admission = Admission(try limits(), availableSessionCount: 1)
    func open() throws {
      _ = try admission.admit(address: "a", now: now)
    }
    try open()
    try open()
    #expect(admission.sessionCount == 0)
  }

  @Test("The counts are true whatever order threads admit, refuse and leave in")
  func concurrent() async throws {
    let admission = Admission(
      try limits("sessions=6", "sessions-per-address=2"), availableSessionCount: 100)
    await withTaskGroup(of: Int.self) { group in
      for task in 0..<8 {
        group.addTask {
          var refusedCount = 0
          for turn in 0..<2_000 {
            do {
              let ticket = try admission.admit(address: "10.0.0.\((task + turn) % 3)", now: now)
              if admission.sessionCount > 6 { Issue.record("over the limit") }
              admission.buffered.add(5)
              if turn % 7 == 0 { await Task.yield() }
              admission.buffered.add(-5)
              ticket.end()
            } catch {
              refusedCount += 1
            }
          }
          return refusedCount
        }
      }
    }
    #expect(admission.sessionCount == 0)
    #expect(admission.addressCount == 0)
    #expect(admission.buffered.byteCount == 0)
  }

  private final class Opening {
    let place: OpeningPlace?

    init(_ place: consuming OpeningPlace?) { self.place = place }
  }

  @Test("Openings of an address are bounded, and stay counted while its sessions come and go")
  func openings() throws {
    let admission = Admission(try limits("sessions-per-address=1"), availableSessionCount: 100)
    var openings = try (0..<Admission.leastOpeningsPerAddress).map { _ in
      Opening(try admission.beginOpening(from: "10.0.0.1"))
    }
    #expect(throws: HandshakeRefusal.tooManySessionsFromAddress) {
      _ = try admission.beginOpening(from: "10.0.0.1")
    }
    try admission.admit(address: "10.0.0.1", now: now).end()
    #expect(throws: HandshakeRefusal.tooManySessionsFromAddress) {
      _ = try admission.beginOpening(from: "10.0.0.1")
    }
    _ = try admission.beginOpening(from: "10.0.0.2")
    openings.removeLast()
    openings.append(Opening(try admission.beginOpening(from: "10.0.0.1")))
    let only = try admission.admit(address: "10.0.0.1", now: now)
    openings = []
    #expect(throws: HandshakeRefusal.tooManySessionsFromAddress) {
      _ = try admission.beginOpening(from: "10.0.0.1")
    }
    only.end()
    _ = try admission.beginOpening(from: "10.0.0.1")
  }

  @Test("The most sessions at once, and from one address, are known until they are taken")
  func peaks() throws {
    let admission = Admission(try limits("sessions=4"), availableSessionCount: 100)
    #expect(admission.peaks == AdmissionPeaks())
    let first = try admission.admit(address: "10.0.0.1", now: now)
    let second = try admission.admit(address: "10.0.0.1", now: now)
    let unix = try admission.admit(address: nil, now: now)
    let other = try admission.admit(address: "10.0.0.2", now: now)
    #expect(throws: HandshakeRefusal.tooManySessions) {
      try admission.admit(address: "10.0.0.2", now: now).end()
    }
    first.end()
    unix.end()
    let peaks = admission.takePeaks()
    #expect(peaks.sessionCount == 4 && peaks.addressSessionCount == 2)
    #expect(peaks.address == "10.0.0.1")
    // From here on those count that are open.
    #expect(admission.peaks.sessionCount == 2 && admission.peaks.addressSessionCount == 1)
    second.end()
    other.end()
    #expect(admission.takePeaks().sessionCount == 2)
    #expect(admission.takePeaks() == AdmissionPeaks())
  }
}
