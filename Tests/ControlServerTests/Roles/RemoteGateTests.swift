import EventLoop
import Testing
import Vocabulary

@testable import ControlServer

@Suite("The gate for clients whose token is not known yet")
struct RemoteGateTests {
  /// The gate behind a class, so that what changes it may stand in an expectation.
  private final class Gate {
    var gate = RemoteGate()

    func enter(_ origin: RemoteGate.Origin, at now: Instant) -> Bool {
      gate.enter(origin, at: now)
    }
    func leave(_ origin: RemoteGate.Origin) { gate.leave(origin) }
    func fail(_ origin: RemoteGate.Origin, at now: Instant) -> Int { gate.fail(origin, at: now) }
    func isBlocked(_ origin: RemoteGate.Origin, at now: Instant) -> Bool {
      gate.isBlocked(origin, at: now)
    }
    var openingCount: Int { gate.openingCount }
  }

  private func origin(_ address: String) -> RemoteGate.Origin {
    RemoteGate.Origin(PeerAddress(address: address, port: 1))
  }

  private let start = Instant(nanoseconds: 5_000_000_000)

  @Test("So many from one origin go on at once, and others still do")
  func perOrigin() {
    let gate = Gate()
    for _ in 0..<8 { #expect(gate.enter(origin("10.0.0.1"), at: start)) }
    #expect(!gate.enter(origin("10.0.0.1"), at: start))
    #expect(gate.enter(origin("10.0.0.2"), at: start))
    gate.leave(origin("10.0.0.1"))
    #expect(gate.enter(origin("10.0.0.1"), at: start))
  }

  @Test("So many go on at once altogether")
  func altogether() {
    let gate = Gate()
    for number in 0..<32 { #expect(gate.enter(origin("10.0.0.\(number)"), at: start)) }
    #expect(gate.openingCount == 32)
    #expect(!gate.enter(origin("10.0.1.1"), at: start))
    gate.leave(origin("10.0.0.7"))
    #expect(gate.enter(origin("10.0.1.1"), at: start))
    for number in 0..<32 where number != 7 { gate.leave(origin("10.0.0.\(number)")) }
    gate.leave(origin("10.0.1.1"))
    #expect(gate.openingCount == 0)
  }

  @Test("64 handshakes begin in a second, 24 of them from one origin, however soon they end")
  func rate() {
    let gate = Gate()
    func comesAndGoes(_ address: String, at moment: Instant) -> Bool {
      guard gate.enter(origin(address), at: moment) else { return false }
      gate.leave(origin(address))
      return true
    }
    let (near, next) = (
      start.advanced(by: .milliseconds(999)), start.advanced(by: .seconds(1))
    )
    for _ in 0..<24 { #expect(comesAndGoes("10.0.0.1", at: start)) }
    #expect(!comesAndGoes("10.0.0.1", at: near))
    for number in 0..<40 { #expect(comesAndGoes("10.0.1.\(number)", at: near)) }
    #expect(!comesAndGoes("10.0.2.1", at: near))
    #expect(comesAndGoes("10.0.0.1", at: next))
  }

  @Test("After ten wrong tokens none is looked at until the minute is over")
  func failures() {
    let gate = Gate()
    let guesser = origin("10.0.0.1")
    for number in 1...10 {
      #expect(!gate.isBlocked(guesser, at: start))
      #expect(gate.fail(guesser, at: start) == number)
    }
    #expect(gate.isBlocked(guesser, at: start.advanced(by: .milliseconds(59_999))))
    #expect(!gate.isBlocked(origin("10.0.0.2"), at: start))
    let later = start.advanced(by: .seconds(60))
    #expect(!gate.isBlocked(guesser, at: later))
    #expect(gate.fail(guesser, at: later) == 1)
  }

  @Test("The minute begins with the first wrong token, however many follow in it")
  func minute() {
    let gate = Gate()
    let guesser = origin("10.0.0.1")
    func at(_ seconds: Int) -> Instant { start.advanced(by: .seconds(seconds)) }
    for number in 1...10 { #expect(gate.fail(guesser, at: at(6 * number - 6)) == number) }
    #expect(gate.isBlocked(guesser, at: at(59)))
    #expect(!gate.isBlocked(guesser, at: at(60)))
    #expect(gate.fail(guesser, at: at(60)) == 1)
  }

  @Test("A network of IPv6 is one origin, addresses of IPv4 are not")
  func networks() {
    #expect(origin("2001:db8::1") == origin("2001:db8::ffff:1:2:3"))
    #expect(origin("2001:db8:0:1::1") != origin("2001:db8::1"))
    #expect(origin("10.0.0.1") != origin("10.0.0.2"))
  }

  @Test("Of the origins that guess, the last 1024 are remembered")
  func bounded() {
    let gate = Gate()
    for number in 0..<1025 {
      let address = "10.1.\(number / 256).\(number % 256)"
      let moment = start.advanced(by: .milliseconds(number))
      for _ in 0..<10 { _ = gate.fail(origin(address), at: moment) }
    }
    let end = start.advanced(by: .seconds(2))
    #expect(!gate.isBlocked(origin("10.1.0.0"), at: end))
    #expect(gate.isBlocked(origin("10.1.0.1"), at: end))
    #expect(gate.isBlocked(origin("10.1.4.0"), at: end))
  }
}
