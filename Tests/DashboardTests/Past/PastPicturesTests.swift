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
    for second in 0..<40 { pictures.add(past(Double(second))) }
    let marks = pictures.marks
    #expect(marks.map(\.at) == (0..<40).map { now + Double($0) })
    for (second, mark) in marks.enumerated() {
      #expect(try #require(pictures.picture(mark.number)) == past(Double(second)))
    }
    #expect(pictures.picture(40) == nil && pictures.picture(-1) == nil)
  }

  @Test("What is offered is kept later, the newest alone")
  func offering() throws {
    var pictures = PastPictures()
    for second in 0..<3 { pictures.offer(past(Double(second))) }
    #expect(pictures.marks.isEmpty)
    pictures.keepOffered()
    #expect(pictures.marks.map(\.at) == [now + 2])
    pictures.keepOffered()
    #expect(pictures.marks.count == 1)
  }

  @Test("There is one a second at most, and none older than ten minutes")
  func spacing() throws {
    var pictures = PastPictures()
    for tenth in 0..<8000 {
      pictures.add(past(Double(tenth) / 10, count: 0))
    }
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
      pictures.add(past(Double(second), count: 82))
    }
    #expect(pictures.marks.count == 600)
    #expect(pictures.byteCount < PastPictures.maximumByteCount / 2)
  }

  @Test("Where the memory does not suffice the steps become longer, and all of the time stays")
  func thinning() throws {
    var pictures = PastPictures()
    let count = 100
    for second in 0..<count {
      pictures.add(past(Double(second), count: 500, pathLength: 700))
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
    pictures.add(past(0, count: 500, pathLength: 3000))
    #expect(pictures.marks.isEmpty && pictures.byteCount == 0)
    var timeless = past(0)
    timeless.snapshot.statistics.now = .nan
    pictures.add(timeless)
    #expect(pictures.marks.isEmpty)
    for second in 0..<5 { pictures.add(past(Double(second))) }
    pictures.add(past(-3600))
    #expect(pictures.marks.map(\.at) == [now - 3600])
    #expect(pictures.marks.first?.number == 5)
  }
}

extension PastPictures {
  /// Offers a picture and keeps it.
  fileprivate mutating func add(_ picture: PastPicture) {
    offer(picture)
    keepOffered()
  }
}
