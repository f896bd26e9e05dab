/// Requests whose replies are yet to come.
package struct PendingActs: Equatable, Sendable {
  /// The requests, by tag.
  package var acts: [Int: PendingAct] = [:]
  /// The tag of the next request.
  package var nextTag = 1

  /// Nothing is pending.
  package init() {}

  /// Notes a request; returns its tag.
  package mutating func add(_ act: PendingAct) -> Int {
    let tag = takeTag()
    acts[tag] = act
    return tag
  }

  /// Takes the tag of a request whose reply a screen handles by itself.
  package mutating func takeTag() -> Int {
    defer { nextTag += 1 }
    return nextTag
  }
}
