import EventLoop
import Testing
import Vocabulary

@Suite("What shows that a peer lives whose answer lies behind output")
struct PeerProgressTests {
  private var progress = PeerProgress(takenByteCount: 1000, now: at(0))

  private static func at(_ seconds: Int64) -> Instant {
    Instant(nanoseconds: 0).advanced(by: .seconds(seconds))
  }

  /// Looks after so many seconds; what was acknowledged is nil where nothing may be read.
  private mutating func isAlive(
    _ taken: Int, at seconds: Int64, isOwed: Bool = true, _ answer: Acknowledgement?
  ) -> Bool {
    progress.isAlive(takenByteCount: taken, isOwed: isOwed, now: Self.at(seconds)) {
      #expect(answer != nil, "asked though there was a better sign")
      return answer
    }
  }

  private func answer(
    secondsAgo: Int, segments: Int = 0, probes: Int = 0
  ) -> Acknowledgement {
    Acknowledgement(
      age: .seconds(secondsAgo), unansweredSegmentCount: segments, unansweredProbeCount: probes)
  }

  @Test("A byte taken since the last look is life, and nothing else is asked")
  mutating func byte() {
    for look in 1...100 { #expect(isAlive(1000 + look, at: Int64(20 * look), nil)) }
    // The last of all bytes, too.
    #expect(isAlive(5000, at: 2020, isOwed: false, nil))
  }

  @Test("A peer that has taken everything owes its answer")
  mutating func nothingOwed() {
    #expect(!isAlive(1000, at: 20, isOwed: false, nil))
  }

  @Test("A socket that tells of no acknowledgements lives by bytes alone")
  mutating func unknown() {
    #expect(
      !progress.isAlive(takenByteCount: 1000, isOwed: true, now: Self.at(20)) { nil })
  }

  @Test("An acknowledgement since the last look is life, one from before it is none")
  mutating func age() {
    #expect(isAlive(1000, at: 20, answer(secondsAgo: 19, segments: 3)))
    #expect(isAlive(1000, at: 25, answer(secondsAgo: 4, segments: 3)))
    // A network that was cut: segments are sent again and again.
    #expect(!isAlive(1000, at: 45, answer(secondsAgo: 20, segments: 3)))
  }

  @Test("A closed window is life between its probes, unless two of them are not answered")
  mutating func probes() {
    #expect(isAlive(1000, at: 20, answer(secondsAgo: 24)))
    #expect(isAlive(1000, at: 40, answer(secondsAgo: 44, probes: 1)))
    #expect(!isAlive(1000, at: 60, answer(secondsAgo: 64, probes: 2)))
  }

  @Test("Its kernel answers for a peer for ten time-outs, and anew after each byte taken")
  mutating func bound() {
    for look in 1..<PeerProgress.maximumTimeoutCount {
      #expect(isAlive(1000, at: Int64(20 * look), answer(secondsAgo: 1)), "look \(look)")
    }
    #expect(isAlive(1001, at: 200, nil))
    for look in 11..<20 {
      #expect(isAlive(1001, at: Int64(20 * look), answer(secondsAgo: 1)), "look \(look)")
    }
    #expect(!isAlive(1001, at: 400, nil))
  }

  @Test("The default time suits 2 KB/s, with steps of a sixteenth of the largest buffer")
  func defaults() {
    let step = Double(6 << 20) / 16
    let timeout = 20.0
    #expect(step / (timeout * Double(PeerProgress.maximumTimeoutCount)) < 2000)
  }
}
