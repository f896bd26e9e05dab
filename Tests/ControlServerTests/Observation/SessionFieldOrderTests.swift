import ControlProtocol
import EventLoop
import TestSupport
import Testing
import Vocabulary

@testable import ControlServer
@testable import WebSocketEngine

@Suite("Sorting by each field")
struct SessionFieldOrderTests {
  /// The value of a field by which rows are in order.
  private enum Value: Comparable {
    case number(Double)
    case text(UTF8Name)
    case address(UInt128)

    init(_ field: SessionField, of row: SessionRow) {
      switch field.kind {
      case .id: self = .number(Double(row.id.rawValue))
      case .text, .names, .initiator:
        self = .text(UTF8Name(row.texts(field).joined(separator: " ")))
      case .address: self = .address(row.ipAddress?.bits ?? 0)
      case .moment: self = .number(row.ending?.at ?? .infinity)
      default: self = .number(row.number(field, now: 0).number ?? -.infinity)
      }
    }
  }

  /// Five live sessions and three closed ones, no two of which have the same numbers.
  private static func engine() throws -> (SyntheticEngine, live: [SessionID]) {
    var engine = try SyntheticEngine()
    var ids: [SessionID] = []
    for number in 0..<8 {
      let id = try engine.open(
        path: "/ws/\(9 - number)", address: "10.0.0.\((number * 5) % 8 + 1)",
        messagesIn: (number * 3) % 8, roundTrip: .milliseconds(number + 1),
        agent: "agent \((number * 7) % 8)", subprotocol: number == 2 ? nil : "p\(number)",
        flags: number % 2 == 0 ? [.tls, .compressed] : [.compressed])
      engine.publish(id) { delta in
        delta.messagesOut = (number * 5) % 8 + 1
        delta.bytesIn = 100 + (number * 3) % 8
        delta.bytesOut = 200 + (number * 7) % 8
        delta.wireIn = 50 + number
        delta.wireOut = 90 - number
        delta.largestOut = 1000 + number
        delta.backlog = (number * 3) % 8
      }
      engine.drop(id, (number * 3) % 8)
      try engine.tag(id, [("n", "\((number * 5) % 8)")])
      ids.append(id)
    }
    engine.close(ids[5], .messageTooBig, by: .limit(.messageBytes))
    engine.close(ids[6], .normalClosure, by: .operator)
    engine.close(ids[7], .goingAway, by: .peer)
    return (engine, Array(ids[..<5]))
  }

  @Test("Messages dropped for sessions are sorted and filtered by, also after their end")
  func dropped() throws {
    let (engine, live) = try Self.engine()
    let counts = [0, 3, 6, 1, 4]
    #expect(try engine.ids(SessionQuery(), "dropped>0") == [live[1], live[2], live[3], live[4]])
    #expect(try engine.ids(SessionQuery(), "!dropped>=4") == [live[0], live[1], live[3]])
    let window = engine.observer.window(SessionQuery(sort: .dropped), SessionFilter())
    #expect(window.list(run: "x").sessions.map(\.droppedMessages) == counts.sorted(by: >))
    #expect(window.sessions.first?.profile.id == live[2])
    let closed = engine.observer.window(
      SessionQuery(sort: .dropped, show: .closed), try SessionFilter("dropped>=5"))
    #expect(closed.list(run: "x").sessions.map(\.droppedMessages) == [7, 5])
  }

  /// The fields of which all those sessions have the same.
  private static let alike: Set<SessionField> = [.route, .port, .rooms, .query, .actor]

  @Test("Rows come in the order of what they tell, both ways", arguments: SessionField.sortable)
  func order(field: SessionField) throws {
    let (engine, live) = try Self.engine()
    // Rates are those of what is sent between two ticks.
    _ = engine.observer.window(SessionQuery(sort: .byteRateIn), SessionFilter())
    for (number, id) in live.enumerated() {
      engine.publish(id) { delta in
        delta.messagesIn = 10 + (number * 3) % 5
        delta.messagesOut = 20 + (number * 2) % 5
        delta.bytesIn = 30 + (number * 4) % 5
        delta.bytesOut = 40 + number
        delta.backlog = 1 + (number * 3) % 5
      }
    }
    engine.observer.meter.tick(
      engine.server.reactors, at: SystemClock.monotonic().advanced(by: .seconds(1)))
    for isDescending in [false, true] {
      let query = SessionQuery(sort: field, isDescending: isDescending, show: .all)
      let rows = engine.observer.window(query, SessionFilter()).list(run: "x").sessions
      #expect(rows.count == 8)
      var values = rows.map { Value(field, of: $0) }
      if isDescending { values.reverse() }
      #expect(values == values.sorted(), "\(field) \(isDescending): \(values)")
      #expect(Set(values.map { "\($0)" }).count > 1 || Self.alike.contains(field), "\(field)")
    }
  }
}
