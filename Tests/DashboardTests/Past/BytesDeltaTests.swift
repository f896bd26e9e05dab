import Testing

@testable import Dashboard

@Suite("Bytes as differences")
struct BytesDeltaTests {
  @Test("What is written is read again, whatever the base")
  func roundTrip() {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<500 {
      let text = (0..<Int.random(in: 0..<200, using: &random)).map { _ in UInt8.random(in: 0...3) }
      let base = (0..<Int.random(in: 0..<200, using: &random)).map { _ in UInt8.random(in: 0...3) }
      let difference = BytesDelta.encode(text, from: base)
      #expect(BytesDelta.decode(difference, from: base, upTo: text.count) == text)
    }
  }

  @Test("A text that differs in few places takes little")
  func size() {
    let rows = (0..<80).map {
      #"{"address":"10.0.3.\#($0)","bytesIn":\#($0 * 7919),"id":"s-\#($0)"}"#
    }
    let base = Array(rows.joined(separator: ",").utf8)
    var changed = rows
    changed[40] = #"{"address":"10.0.3.40","bytesIn":99999999,"id":"s-40"}"#
    let text = Array(changed.joined(separator: ",").utf8)
    let difference = BytesDelta.encode(text, from: base)
    #expect(difference.count < 64)
    #expect(BytesDelta.decode(difference, from: base, upTo: text.count) == text)
  }

  @Test("What is no difference is refused, and makes nothing longer than its limit")
  func faulty() {
    #expect(BytesDelta.decode([5], from: [], upTo: 10) == nil)
    #expect(BytesDelta.decode([0, 4, 9], from: [1, 2], upTo: 10) == nil)
    #expect(BytesDelta.decode([1, 7, 100, 0], from: [], upTo: 10) == nil)
    #expect(BytesDelta.decode([0xFF, 0xFF], from: [], upTo: 10) == nil)
    for _ in 0..<2000 {
      let bytes = (0..<Int.random(in: 0..<40)).map { _ in UInt8.random(in: 0...255) }
      let text = BytesDelta.decode(bytes, from: [1, 2, 3], upTo: 100)
      #expect(text?.count ?? 0 <= 100)
    }
  }
}
