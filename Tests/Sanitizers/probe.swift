import Glibc
import Synchronization

/// Two threads change one value under a contended lock and, if an argument says so, one without.
final class Shared: @unchecked Sendable {
  let guarded = Mutex<[Int]>([])
  var unguarded = 0
}

let shared = Shared()
let races = CommandLine.arguments.count > 1
let threads = (0..<2).map { _ in
  var thread = pthread_t()
  pthread_create(
    &thread, nil,
    { _ in
      for number in 0..<100_000 {
        shared.guarded.withLock { $0 = [number] }
        if races { shared.unguarded += 1 }
      }
      return nil
    }, nil)
  return thread
}
for thread in threads { pthread_join(thread, nil) }
