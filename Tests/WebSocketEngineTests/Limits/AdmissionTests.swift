import Testing
import Vocabulary
import WebSocketProtocol

@testable import WebSocketEngine

@Suite("Admission")
struct AdmissionTests {
  private func limits(_ flags: String...) throws -> EngineLimits {
    EngineLimits(try LimitSettings(environment: [:], flags: flags))
  }

  @Test("Sessions are let in up to the limit, and refused with 503 beyond it")
  func sessions() throws {
    let admission = Admission(try limits("sessions=2"), availableSessionCount: 100)
    let first = try admission.admit(address: "10.0.0.1")
    let second = try admission.admit(address: "10.0.0.2")
    let refusal = try #require(throws: HandshakeRefusal.self) {
      try admission.admit(address: "10.0.0.3").end()
    }
    #expect(refusal == .tooManySessions)
    #expect(refusal.status == .serviceUnavailable)
    #expect(refusal.headers["Retry-After"] != nil)
    #expect(admission.sessionCount == 2 && admission.addressCount == 2)
    first.end()
    #expect(admission.sessionCount == 1)
    try admission.admit(address: "10.0.0.3").end()
    second.end()
    #expect(admission.sessionCount == 0 && admission.addressCount == 0)
  }

  @Test("Descriptors bound the sessions too")
  func descriptors() throws {
    let admission = Admission(try limits("sessions=1000"), availableSessionCount: 1)
    #expect(admission.maximumSessionCount == 1)
    let only = try admission.admit(address: nil)
    #expect(throws: HandshakeRefusal.tooManySessions) { try admission.admit(address: nil).end() }
    only.end()
    #expect(Admission(try limits(), availableSessionCount: -5).maximumSessionCount == 0)
  }

  @Test("One address is let in up to its limit, and refused with 429; others are not concerned")
  func perAddress() throws {
    let admission = Admission(try limits("sessions-per-address=1"), availableSessionCount: 100)
    let first = try admission.admit(address: "10.0.0.1")
    let refusal = try #require(throws: HandshakeRefusal.self) {
      try admission.admit(address: "10.0.0.1").end()
    }
    #expect(refusal == .tooManySessionsFromAddress)
    #expect(refusal.status == .tooManyRequests)
    #expect(admission.sessionCount == 1 && admission.sessionCount(from: "10.0.0.1") == 1)
    let other = try admission.admit(address: "10.0.0.2")
    first.end()
    let again = try admission.admit(address: "10.0.0.1")
    #expect(admission.sessionCount == 2)
    other.end()
    again.end()
    #expect(admission.sessionCount == 0 && admission.addressCount == 0)
  }

  @Test("Peers without an address are bounded by sessions alone")
  func withoutAddress() throws {
    let admission = Admission(try limits("sessions-per-address=1"), availableSessionCount: 100)
    let first = try admission.admit(address: nil)
    let second = try admission.admit(address: nil)
    #expect(admission.sessionCount == 2 && admission.addressCount == 0)
    first.end()
    second.end()
    #expect(admission.sessionCount == 0)
  }

  @Test("Full buffers refuse new sessions with 503 until they are emptier")
  func bufferedBytes() throws {
    let admission = Admission(try limits("buffered-bytes=1MiB"), availableSessionCount: 100)
    admission.addBufferedBytes(1 << 20)
    let refusal = try #require(throws: HandshakeRefusal.self) {
      try admission.admit(address: nil).end()
    }
    #expect(refusal == .tooManyBufferedBytes)
    #expect(refusal.status == .serviceUnavailable)
    #expect(admission.sessionCount == 0)
    admission.addBufferedBytes(-1)
    #expect(admission.bufferedByteCount == (1 << 20) - 1)
    try admission.admit(address: nil).end()
  }

  @Test("A lower limit closes nobody, and holds for those who come")
  func lowering() throws {
    let admission = Admission(try limits(), availableSessionCount: 100)
    let first = try admission.admit(address: "a")
    let second = try admission.admit(address: "a")
    admission.setLimits(try limits("sessions=1", "sessions-per-address=1"))
    #expect(admission.sessionCount == 2)
    first.end()
    #expect(throws: HandshakeRefusal.tooManySessions) { try admission.admit(address: "a").end() }
    second.end()
    try admission.admit(address: "a").end()
    admission.setLimits(try limits("sessions-per-address=2"))
    let third = try admission.admit(address: "a")
    let fourth = try admission.admit(address: "a")
    third.end()
    fourth.end()
    #expect(admission.sessionCount == 0 && admission.addressCount == 0)
  }

  @Test("A ticket that is only dropped gives its place up")
  func dropped() throws {
    let admission = Admission(try limits(), availableSessionCount: 1)
    func open() throws {
      _ = try admission.admit(address: "a")
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
              let ticket = try admission.admit(address: "10.0.0.\((task + turn) % 3)")
              if admission.sessionCount > 6 { Issue.record("over the limit") }
              admission.addBufferedBytes(5)
              if turn % 7 == 0 { await Task.yield() }
              admission.addBufferedBytes(-5)
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
    #expect(admission.bufferedByteCount == 0)
  }
}
