import EventLoop
import Foundation
import Vocabulary

extension TestClient {
  /// Reads in small steps on a thread of its own, since tasks may wait for seconds while other tests
  /// keep theirs busy: here only the machine's own scheduling makes a pause longer.
  ///
  /// What was read is told by `next` and `read` afterwards, however much later that is.
  ///
  /// - Parameters:
  ///   - count: how many bytes to read; less if the stream ends or `duration` has passed.
  ///   - step: the most bytes of one step.
  ///   - pause: how long it waits before each step.
  ///   - words: bytes to send before each step.
  /// - Returns: how much was read, and when it stopped.
  func readSlowly(
    _ count: Int, step: Int, every pause: Duration, for duration: Duration = .seconds(120),
    saying words: [UInt8] = []
  ) async -> (byteCount: Int, end: Instant) {
    let descriptor = descriptor
    let (bytes, end) = await withCheckedContinuation { continuation in
      Thread.detachNewThread {
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: step)
        let start = ContinuousClock.now
        while bytes.count < count, start.duration(to: .now) < duration {
          Thread.sleep(forTimeInterval: pause / .seconds(1))
          if !words.isEmpty {
            _ = Glibc.send(descriptor, words, words.count, Int32(MSG_NOSIGNAL))
          }
          let result = Glibc.recv(descriptor, &part, min(step, count - bytes.count), 0)
          if result > 0 {
            bytes += part[..<result]
          } else if result == 0 || errno != EAGAIN {
            break
          }
        }
        continuation.resume(returning: (bytes, SystemClock.monotonic()))
      }
    }
    hold(bytes)
    return (bytes.count, end)
  }
}
