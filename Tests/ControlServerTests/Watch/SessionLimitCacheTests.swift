import ControlProtocol
import Testing
import Vocabulary

@testable import ControlServer

@Suite("The limits of sessions, as they are kept for those who watch")
struct SessionLimitCacheTests {
  private let start = Instant(nanoseconds: 0)

  @Test("They are asked for once a second, and by one at a time")
  func pace() {
    var cache = SessionLimitCache()
    var isFirst = cache.beginFetching(at: start)
    #expect(isFirst)
    isFirst = cache.beginFetching(at: start.advanced(by: .seconds(5)))
    #expect(!isFirst, "the answer is awaited")
    var isOutdated = cache.take([], at: start.advanced(by: .seconds(5)))
    #expect(!isOutdated)
    isFirst = cache.beginFetching(at: start.advanced(by: .milliseconds(5999)))
    #expect(!isFirst, "the answer is good for a second")
    isFirst = cache.beginFetching(at: start.advanced(by: .seconds(6)))
    #expect(isFirst)
    isOutdated = cache.take([], at: start.advanced(by: .seconds(6)))
    #expect(!isOutdated)
  }

  @Test("An answer to a question from before a change is asked again at once")
  func change() {
    var cache = SessionLimitCache()
    _ = cache.beginFetching(at: start)
    cache.invalidate()
    var isFirst = cache.beginFetching(at: start)
    #expect(!isFirst)
    var isOutdated = cache.take([], at: start)
    #expect(isOutdated)
    isFirst = cache.beginFetching(at: start)
    #expect(isFirst)
    isOutdated = cache.take([], at: start)
    #expect(!isOutdated)
    cache.invalidate()
    isFirst = cache.beginFetching(at: start)
    #expect(isFirst, "what is known may be wrong")
  }
}
