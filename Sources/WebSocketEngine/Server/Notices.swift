package import EventLoop
import Synchronization

/// Conditions of the engine's own that an operator should know of, kept for an observer.
package final class Notices: Sendable {
  /// A condition.
  package enum Notice: Hashable, Sendable {
    /// Accepting paused, because no descriptor is left.
    case outOfDescriptors
    /// Accepting goes on; it had paused so many milliseconds ago.
    case acceptingAgain(milliseconds: Int)
    /// A handler of the route kept its reactor's other sessions waiting for over 100 ms.
    case slowHandler(route: String)
    /// A part of a reactor's turn took over 100 ms, though none of its handlers did alone.
    case slowTurn(ReactorTurnPart)
    /// So many certificates were read again.
    case certificatesReloaded(count: Int)
    /// Certificates could not be read again, and the old ones stay.
    case certificatesKept(reason: String)
    /// A certificate has a warning.
    case certificate(warning: String)
    /// An upstream of a route takes sessions again.
    case upstreamUp(route: String, name: String, downMilliseconds: Int)
    /// An upstream of a route takes no sessions for a while; `detail` may be of its own making.
    case upstreamDown(route: String, name: String, reason: UpstreamFailure, detail: String)
    /// The last session of an upstream that was to take no new ones has ended, or it had none.
    case upstreamDrained(route: String, name: String)

    /// Whether it may last, so that it is not to be reported each time it is noticed.
    package var isCondition: Bool {
      switch self {
      case .slowHandler, .slowTurn: true
      case .outOfDescriptors, .acceptingAgain, .certificatesReloaded, .certificatesKept,
        .certificate, .upstreamUp, .upstreamDown, .upstreamDrained:
        false
      }
    }
  }

  /// The most notices that wait.
  package static let maximumCount = 100

  private let waiting = Mutex<[Notice]>([])

  init() {}

  func post(_ notice: Notice) {
    waiting.withLock { waiting in
      if waiting.count < Self.maximumCount { waiting.append(notice) }
    }
  }

  /// Takes the notices that wait.
  package func takeAll() -> [Notice] {
    waiting.withLock { waiting in
      let taken = waiting
      waiting = []
      return taken
    }
  }
}
