import EventLoop
import Testing
import Vocabulary

@testable import ControlServer
@testable import WebSocketEngine

@Suite("The record of the last hour")
struct HourRecordTests {
  private struct Nothing: Error {}

  /// A server that never starts, with two routes.
  private func server(_ limits: String...) throws -> Server {
    var router = Router()
    for path in ["/a", "/b"] {
      try router.webSocket(path) { _ in throw Nothing() }
    }
    return try Server(
      ServerConfiguration(listeners: [], reactorCount: 2, settings: limits), routes: router)
  }

  private func moment(_ seconds: Int) -> Moment {
    Moment(
      instant: Instant(nanoseconds: Int64(seconds) * 1_000_000_000),
      seconds: 10_000 + Double(seconds))
  }

  @Test("Peaks are those of their minutes, and what stays is a peak of each")
  func peaks() throws {
    let server = try server()
    var hour = HourRecord(server, at: moment(0).instant)
    let counters = server.reactors[1].counters
    counters.raise(.largestBacklog, to: 700)
    let first = try server.admission.admit(address: "10.0.0.1", now: moment(0).instant)
    let second = try server.admission.admit(address: "10.0.0.2", now: moment(0).instant)
    #expect(hour.allPeaks(at: moment(5)).map(\.backlogByteCount) == [700])
    for second in 1...59 { hour.tick(at: moment(second)) }
    #expect(hour.allPeaks(at: moment(59)).count == 1)
    // A session of the other reactor is owed something when the minute ends, and for good.
    let slab = server.reactors[0].slab
    let slot = try #require(
      slab.allocate(
        SessionIdentity(id: SessionID(rawValue: 64), openedAt: Instant(nanoseconds: 0), route: 0),
        state: .open,
        at: moment(0).instant))
    slab.setBacklog(slot, 300)
    hour.tick(at: moment(60))
    hour.tick(at: moment(120))
    counters.raise(.largestBacklog, to: 500)
    let peaks = hour.allPeaks(at: moment(130))
    #expect(peaks.map(\.backlogByteCount) == [700, 300, 500])
    #expect(peaks.map(\.at) == [10_060, 10_120, 10_130])
    #expect(peaks.map(\.sessions.sessionCount) == [2, 2, 2])
    #expect(hour.peakSeconds(at: moment(130)) == 130)
    first.end()
    second.end()
  }

  @Test("Sixty minutes are kept")
  func capacity() throws {
    var hour = HourRecord(try server(), at: moment(0).instant)
    for minute in 1...70 { hour.tick(at: moment(minute * 60)) }
    let peaks = hour.allPeaks(at: moment(70 * 60))
    #expect(peaks.count == HourRecord.minuteCount + 1)
    #expect(peaks.first?.at == 10_660)
  }

  @Test("Sizes are those of all reactors, by route")
  func sizes() throws {
    let server = try server()
    server.reactors[0].sizesIn[1].record(100)
    var hour = HourRecord(server, at: moment(0).instant)
    for handle in server.reactors {
      handle.sizesIn[1].record(100)
      handle.sizesOut[0].record(20)
    }
    hour.tick(at: moment(60))
    server.reactors[1].sizesIn[1].record(5000)
    func count(_ routes: [Int], _ direction: SizeRecord.Direction) -> Int {
      hour.sizeCounts(ofRoutes: routes, direction, .minutes(60)).reduce(0, +)
    }
    #expect(count([1], .received) == 3)
    #expect(count([0], .received) == 0)
    #expect(count([0, 1], .sent) == 2)
    #expect(hour.seconds(in: .minutes(60), at: moment(90)) == 90)
    #expect(hour.seconds(in: .minutes(0), at: moment(90)) == 30)
  }
}
