import Testing
import Vocabulary

@testable import ControlServer

@Suite("When free memory goes back to the system")
struct MemoryReleaseTests {
  private static let mebibyte = 1 << 20

  /// The seconds, from 0 on, at which it is due, with so many MiB held in each.
  private func due(_ held: [Int]) -> [Int] {
    var release = MemoryRelease()
    return held.indices.filter { second in
      release.isDue(
        heldByteCount: held[second] * Self.mebibyte,
        at: Instant(nanoseconds: Int64(second) * 1_000_000_000))
    }
  }

  @Test("Ten seconds after a wave is over, once")
  func wave() {
    #expect(due([0, 50, 100] + Array(repeating: 0, count: 200)) == [13])
  }

  @Test("Not while as much is held as before, or nearly")
  func steady() {
    #expect(due(Array(repeating: 100, count: 100)) == [])
    #expect(due((0..<200).map { $0 % 2 == 0 ? 100 : 93 }) == [])
    #expect(due((0..<200).map { $0 / 20 % 2 == 0 ? 100 : 60 }) == [])
  }

  @Test("A wave that comes back within the time is none that is over")
  func comesBack() {
    let pulse = [100] + Array(repeating: 10, count: 8)
    #expect(due(Array(repeatElement(pulse, count: 20).joined())) == [])
  }

  @Test("Wave after wave, at most every half minute")
  func waves() {
    let wave = [100] + Array(repeating: 10, count: 14)
    let seconds = due(Array(repeatElement(wave, count: 20).joined()))
    #expect(seconds.count >= 5)
    #expect(zip(seconds, seconds.dropFirst()).allSatisfy { $1 - $0 >= 30 })
  }

  @Test("A slow ebb is followed down")
  func ebb() {
    let seconds = due((0...100).reversed() + Array(repeating: 0, count: 60))
    #expect(seconds.count >= 3)
    #expect(seconds.last.map { $0 >= 100 } == true)
  }
}
