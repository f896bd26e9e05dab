import ControlProtocol
import TestSupport
import Testing
import Vocabulary

@Suite("Every key and flag of a filter")
struct SessionFilterKeyTests {
  /// What makes a session match the example of a field, and what makes it another one.
  struct Case: Sendable {
    let matching: @Sendable (inout SessionRow) -> Void
    let other: @Sendable (inout SessionRow) -> Void
  }

  private typealias Property<Root, Value> = any WritableKeyPath<Root, Value> & Sendable

  private static func value<Value: Sendable>(
    _ path: Property<SessionRow, Value>, _ matching: Value, _ other: Value
  ) -> Case {
    Case {
      $0[keyPath: path] = matching
    } other: {
      $0[keyPath: path] = other
    }
  }

  private static func rates(
    _ path: Property<SessionRates, Double>, _ matching: Double, _ other: Double
  ) -> Case {
    func row(_ rate: Double) -> @Sendable (inout SessionRow) -> Void {
      { row in
        row.rates = SessionRates()
        row.rates?[keyPath: path] = rate
      }
    }
    return Case(matching: row(matching), other: row(other))
  }

  private static func ending(
    _ matching: @escaping @Sendable (inout SessionEnding) -> Void
  ) -> Case {
    func row(
      _ change: @escaping @Sendable (inout SessionEnding) -> Void
    ) -> @Sendable (inout SessionRow) -> Void {
      { row in
        row.state = .closed
        var ending = SessionEnding(code: .normalClosure, reason: "", by: .peer, at: Samples.now - 1)
        change(&ending)
        row.ending = ending
      }
    }
    return Case(matching: row(matching), other: row { _ in })
  }

  private static let cases: [SessionField: Case] = [
    .id: value(\.id, SessionID(rawValue: 4706), SessionID(rawValue: 4707)),
    .route: value(\.route, "/ws/chat/{room}", "/ws/echo"),
    .path: value(\.path, "/ws/chat/lobby", "/ws/chat/attic"),
    .query: value(\.query, "a=b&lang=de", "a=b&lang=fr"),
    .room: Case {
      ($0.rooms, $0.roomCount) = (["attic", "lobby"], 2)
    } other: {
      ($0.rooms, $0.roomCount) = (["attic"], 1)
    },
    .address: value(\.address, "10.0.3.7", "192.0.2.7"),
    .port: value(\.port, 1024, 1023),
    .state: value(\.state, .open, .closing),
    .age: value(\.openedAt, Samples.now - 301, Samples.now - 299),
    .idle: value(\.idleSeconds, 301, 299),
    .messagesIn: value(\.messagesIn, 1001, 1000),
    .messagesOut: value(\.messagesOut, 1001, 1000),
    .bytesIn: value(\.bytesIn, 1 << 20 + 1, 1 << 20),
    .bytesOut: value(\.bytesOut, 1 << 20 + 1, 1 << 20),
    .largest: value(\.largestOut, 1 << 20 + 1, 1 << 20),
    .backlog: value(\.backlogBytes, 1 << 20 + 1, 1 << 20),
    .roundTrip: value(\.roundTripMilliseconds, 20.5, 19.5),
    .messageRateIn: rates(\.messagesIn, 1001, 999),
    .messageRateOut: rates(\.messagesOut, 1001, 999),
    .byteRateIn: rates(\.bytesIn, 1_048_577, 1_048_575),
    .byteRateOut: rates(\.bytesOut, 1_048_577, 1_048_575),
    .wireIn: value(\.wireBytesIn, 1 << 20 + 1, 1 << 20),
    .wireOut: value(\.wireBytesOut, 1 << 20 + 1, 1 << 20),
    .ratio: Case {
      ($0.compressed, $0.wireBytesIn, $0.bytesIn, $0.bytesOut) = (true, 100, 149, 0)
    } other: {
      ($0.compressed, $0.wireBytesIn, $0.bytesIn, $0.bytesOut) = (true, 100, 150, 0)
    },
    .dropped: value(\.droppedMessages, 1, 0),
    .tls: value(\.tls, true, false),
    .compressed: value(\.compressed, true, false),
    .tapped: value(\.tapped, true, false),
    .throttled: value(\.throttled, true, false),
    .subprotocol: value(\.subprotocol, "mqtt", "stomp"),
    .userAgent: value(\.userAgent, "Mozilla/5.0 Firefox/140", "curl/8"),
    .rooms: value(\.roomCount, 2, 1),
    .tag: value(\.tags, ["user:olga"], ["user:sam"]),
    .closed: ending { $0.at = Samples.now - 301 },
    .code: ending { $0.code = .messageTooBig },
    .who: ending { $0.by = .limit(.messageBytes) },
    .actor: ending { $0.actor = "olga" },
  ]

  private static let fields = SessionField.allCases.filter { $0.definition.filter != nil }

  @Test("None is left out")
  func complete() {
    #expect(Set(Self.fields) == Set(SessionField.filterKeys + SessionField.flags))
    #expect(Set(Self.cases.keys) == Set(Self.fields))
  }

  @Test("It finds none, one or all of the sessions, and its negation all others", arguments: fields)
  func finds(field: SessionField) throws {
    let example = try #require(field.definition.filter)
    let filter = try SessionFilter(example)
    let negation = try SessionFilter("!" + example)
    let both = try SessionFilter("\(example) !\(example)")
    let change = try #require(Self.cases[field])
    for matching in [Set<Int>(), [0], [4], [9], Set(0..<10)] {
      let rows = (0..<10).map { number in
        Samples.row { matching.contains(number) ? change.matching(&$0) : change.other(&$0) }
      }
      func found(_ filter: SessionFilter) -> Set<Int> {
        Set(rows.indices.filter { filter.matches(rows[$0], now: Samples.now) })
      }
      #expect(found(filter) == matching, "\(example)")
      #expect(found(negation) == Set(0..<10).subtracting(matching), "!\(example)")
      #expect(found(both).isEmpty)
    }
  }
}
