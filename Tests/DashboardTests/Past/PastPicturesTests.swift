import ControlProtocol
import TestSupport
import Testing

@testable import Dashboard

@Suite("Pictures of the past")
struct PastPicturesTests {
  private func past(_ second: Double, count: Int = 5, pathLength: Int = 0) -> PastPicture {
    var snapshot = picture(total: 19_000, count: count)
    snapshot.limits = nil
    snapshot.history = nil
    snapshot.statistics.now = now + second
    for index in snapshot.sessions?.sessions.indices ?? 0..<0 {
      snapshot.sessions?.sessions[index].idleSeconds = second + Double(index)
      snapshot.sessions?.sessions[index].ageSeconds = 8000 + second
      snapshot.sessions?.sessions[index].messagesIn += Int(second) * index
      if pathLength > 0 {
        // No two paths have much in common.
        let characters = (0..<pathLength).map { _ in
          Character(Unicode.Scalar(UInt8.random(in: 97...122)))
        }
        snapshot.sessions?.sessions[index].path = String(characters)
      }
    }
    return PastPicture(query: SessionQuery(), groups: nil, top: 0, snapshot: snapshot)
  }

  @Test("A picture is given back as it was")
  func roundTrip() throws {
    var pictures = PastPictures()
    for second in 0..<40 { pictures.add(at: now + Double(second)) { past(Double(second)) } }
    let marks = pictures.marks
    #expect(marks.map(\.at) == (0..<40).map { now + Double($0) })
    for (second, mark) in marks.enumerated() {
      #expect(try #require(pictures.picture(mark.number)) == past(Double(second)))
    }
    #expect(pictures.picture(40) == nil && pictures.picture(-1) == nil)
  }

  @Test("There is one a second at most, and none older than ten minutes")
  func spacing() throws {
    var pictures = PastPictures()
    var madeCount = 0
    for tenth in 0..<8000 {
      pictures.add(at: now + Double(tenth) / 10) {
        madeCount += 1
        return past(Double(tenth) / 10, count: 0)
      }
    }
    #expect(madeCount < 900)
    let marks = pictures.marks
    let first = try #require(marks.first)
    let last = try #require(marks.last)
    #expect(last.at - first.at <= PastPictures.span && last.at - first.at > 590)
    for (earlier, later) in zip(marks, marks.dropFirst()) {
      #expect(later.at - earlier.at >= PastPictures.shortestInterval)
    }
  }

  @Test(
    "Ten minutes of a window of 19 000 sessions take a fraction of the bound, and lack no second")
  func size() throws {
    var pictures = PastPictures()
    for second in 0..<600 {
      pictures.add(at: now + Double(second)) { past(Double(second), count: 82) }
    }
    #expect(pictures.marks.count == 600)
    #expect(pictures.byteCount < PastPictures.maximumByteCount / 2)
  }

  @Test("Where the memory does not suffice the steps become longer, and all of the time stays")
  func thinning() throws {
    var pictures = PastPictures()
    let count = 100
    for second in 0..<count {
      pictures.add(at: now + Double(second)) { past(Double(second), count: 500, pathLength: 700) }
      #expect(pictures.byteCount <= PastPictures.maximumByteCount)
    }
    let marks = pictures.marks
    #expect(marks.count < count && marks.count > 20)
    #expect(marks.last?.at == now + Double(count - 1))
    #expect(try #require(marks.first).at < now + 16)
    #expect(zip(marks, marks.dropFirst()).allSatisfy { $0.number < $1.number && $0.at < $1.at })
    for mark in marks { #expect(try #require(pictures.picture(mark.number)).at == mark.at) }
  }

  @Test("A picture that is too large is left out, a clock that is set back begins anew")
  func faults() {
    var pictures = PastPictures()
    pictures.add(at: now) { past(0, count: 500, pathLength: 3000) }
    #expect(pictures.marks.isEmpty && pictures.byteCount == 0)
    pictures.add(at: .nan) { past(0) }
    #expect(pictures.marks.isEmpty)
    for second in 0..<5 { pictures.add(at: now + Double(second)) { past(Double(second)) } }
    pictures.add(at: now - 3600) { past(-3600) }
    #expect(pictures.marks.map(\.at) == [now - 3600])
    #expect(pictures.marks.first?.number == 5)
  }
}
