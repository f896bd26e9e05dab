import ControlProtocol

/// The pictures of the last ten minutes, one a second at most, in bounded memory.
///
/// A picture is kept as the difference of its JSON from the one before; each 16th is kept whole, so
/// that no more than 16 are read for one. Where the memory does not suffice for ten minutes every
/// second picture goes where they are densest, so that all of the time stays and its steps become
/// longer.
package struct PastPictures: Equatable, Sendable {
  /// How far back pictures are kept, in seconds.
  package static let span = 600.0
  /// The shortest time between two pictures, in seconds.
  package static let shortestInterval = 0.9
  /// The most bytes of all pictures.
  package static let maximumByteCount = 16 << 20
  /// The most bytes of one picture's JSON; a larger one is not kept.
  package static let maximumPictureByteCount = 1 << 20
  /// The pictures of which one is kept whole.
  private static let segmentLength = 16

  /// The number of a picture and its moment.
  package struct Mark: Equatable, Sendable {
    /// Its number, greater than those of all before it.
    package var number: Int
    /// Its moment, in seconds since 1970.
    package var at: Double
  }

  /// Successive pictures, the first of them whole.
  private struct Segment: Equatable, Sendable {
    var marks: [Mark] = []
    var parts: [[UInt8]] = []

    var byteCount: Int { parts.reduce(0) { $0 + $1.count + 64 } }
  }

  private var segments: [Segment] = []
  /// The JSON of the newest picture.
  private var newest: [UInt8] = []
  private var nextNumber = 0
  /// The newest picture, which is not kept yet.
  private var offered: PastPicture?
  /// The memory of all pictures, in bytes.
  package private(set) var byteCount = 0

  /// No pictures.
  package init() {}

  private init(after number: Int) { nextNumber = number }

  /// The pictures that are kept, the oldest first.
  package var marks: [Mark] {
    let end = segments.last?.marks.last?.at ?? 0
    return segments.flatMap(\.marks).filter { end - $0.at <= Self.span }
  }

  /// Offers a picture to be kept later, in place of one that was offered before.
  package mutating func offer(_ picture: PastPicture) { offered = picture }

  /// Keeps the picture that was offered, unless the one before is too new.
  ///
  /// - Complexity: O(*n*) in the length of the picture's JSON.
  package mutating func keepOffered() {
    guard let picture = offered else { return }
    let moment = picture.at
    if let last = segments.last?.marks.last {
      // A clock that was set back makes times that are no order.
      if moment < last.at {
        self = PastPictures(after: nextNumber)
      } else if moment - last.at < Self.shortestInterval {
        return
      }
    }
    offered = nil
    guard moment.isFinite else { return }
    let text = ControlJSON.encode(picture)
    guard text.count <= Self.maximumPictureByteCount else { return }
    append(text, Mark(number: nextNumber, at: moment))
    nextNumber += 1
    while let first = segments.first, segments.count > 1,
      (first.marks.last?.at ?? 0) < moment - Self.span
    {
      remove(0)
    }
    while byteCount > Self.maximumByteCount { thin() }
  }

  /// A picture; nil if it is not kept any more.
  package func picture(_ number: Int) -> PastPicture? {
    guard
      let segment = segments.first(where: { ($0.marks.last?.number ?? -1) >= number }),
      let place = segment.marks.firstIndex(where: { $0.number == number })
    else { return nil }
    var text: [UInt8] = []
    for part in segment.parts.prefix(place + 1) { text = Self.text(of: part, after: text) }
    return try? ControlJSON.decode(PastPicture.self, from: text)
  }

  private mutating func append(_ text: [UInt8], _ mark: Mark) {
    if segments.last.map({ $0.parts.count >= Self.segmentLength }) ?? true {
      segments.append(Segment())
      newest = []
    }
    let part = BytesDelta.encode(text, from: newest)
    let last = segments.count - 1
    byteCount -= segments[last].byteCount
    segments[last].marks.append(mark)
    segments[last].parts.append(part)
    byteCount += segments[last].byteCount
    newest = text
  }

  private mutating func remove(_ index: Int) {
    byteCount -= segments[index].byteCount
    segments.remove(at: index)
  }

  /// Drops every second picture of the segment that has most, the oldest of those; the newest
  /// picture stays.
  private mutating func thin() {
    let most = segments.map(\.parts.count).max() ?? 0
    guard most > 1, let index = segments.firstIndex(where: { $0.parts.count == most }) else {
      if !segments.isEmpty { remove(0) }
      return
    }
    let old = segments[index]
    var new = Segment()
    var (text, base): ([UInt8], [UInt8]) = ([], [])
    for place in old.parts.indices {
      text = Self.text(of: old.parts[place], after: text)
      guard (old.parts.count - 1 - place).isMultiple(of: 2) else { continue }
      new.marks.append(old.marks[place])
      new.parts.append(BytesDelta.encode(text, from: base))
      base = text
    }
    byteCount -= old.byteCount
    segments[index] = new
    byteCount += new.byteCount
  }

  /// The JSON of a picture from its part and the JSON of the picture before.
  private static func text(of part: [UInt8], after base: [UInt8]) -> [UInt8] {
    guard let text = BytesDelta.decode(part, from: base, upTo: maximumPictureByteCount) else {
      preconditionFailure("a picture is no difference from the one before")
    }
    return text
  }
}
