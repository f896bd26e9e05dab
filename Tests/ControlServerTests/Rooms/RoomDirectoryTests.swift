import Testing
import Vocabulary

@testable import ControlServer

@Suite("What is known of rooms")
struct RoomDirectoryTests {
  private let directory = RoomDirectory()
  private let one = SessionID(sequence: 1, reactor: 0)
  private let two = SessionID(sequence: 2, reactor: 0)

  private func moment(_ milliseconds: Int) -> Instant {
    Instant(nanoseconds: 0).advanced(by: .milliseconds(milliseconds))
  }

  private func names(of id: SessionID) -> [String]? { directory.names(ofShown: id) }

  @Test("An answer to an earlier question does not replace that to a later one")
  func order() {
    directory.beginFetching()
    directory.beginFetching()
    directory.endFetching(.all, [one: ["new"]], since: moment(20), latest: [two])
    #expect(directory.isFetching, "one is under way still")
    directory.endFetching(.all, [one: ["old"]], since: moment(10), latest: [two])
    #expect(names(of: one) == ["new"] && !directory.isFetching)
    directory.beginFetching()
    directory.endFetching(.sessions([one]), [one: ["old"]], since: moment(10), latest: [two])
    #expect(names(of: one) == ["new"])
    directory.beginFetching()
    directory.endFetching(.sessions([one]), [:], since: moment(30), latest: [two])
    #expect(names(of: one) == [])
  }

  @Test("Where a reactor did not answer, what was known stays and is no fresher")
  func unanswered() {
    directory.beginFetching()
    directory.endFetching(.all, [two: ["a"]], since: moment(0), latest: [two])
    directory.beginFetching()
    directory.endFetching(.all, nil, since: moment(5000), latest: [two])
    #expect(!directory.isFetching)
    #expect(directory.names(of: two) == ["a"])
    guard case .all = directory.takeWish(at: moment(5001)) else {
      Issue.record("they are to be fetched")
      return
    }
  }

  @Test("What was fetched is good for a second from when it was asked for")
  func freshness() {
    directory.beginFetching()
    directory.endFetching(.all, [:], since: moment(0), latest: [two])
    _ = directory.names(of: one)
    if directory.takeWish(at: moment(999)) != nil { Issue.record("it is fresh") }
    _ = directory.names(of: one)
    if directory.takeWish(at: moment(1000)) == nil { Issue.record("it is old") }
  }

  @Test("Of a session that was opened since rooms were fetched it is not known which it is in")
  func coverage() {
    let three = SessionID(sequence: 3, reactor: 0)
    let elsewhere = SessionID(sequence: 1, reactor: 1)
    #expect(directory.names(of: one) == nil, "none were fetched")
    directory.beginFetching()
    directory.endFetching(.all, [one: ["a"]], since: moment(0), latest: [two])
    #expect(directory.names(of: one) == ["a"])
    #expect(directory.names(of: two) == [])
    #expect(directory.names(of: three) == nil)
    #expect(directory.names(of: elsewhere) == nil)
    #expect(directory.takeWish(at: moment(1)) == nil, "they are fresh")
    #expect(directory.takeWish(at: moment(2000)) == nil, "nobody looked")
    directory.want()
    guard case .all = directory.takeWish(at: moment(2000)) else {
      Issue.record("they are to be fetched")
      return
    }
    directory.beginFetching()
    directory.endFetching(.all, [:], since: moment(2), latest: [three, elsewhere])
    #expect(directory.names(of: three) == [] && directory.names(of: elsewhere) == [])
  }
}
