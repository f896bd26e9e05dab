/// The fields of a session: one table, from which filters, the order of the session table, its
/// columns on the console and in `wstop sessions`, completion and the manual all come.
///
/// A field's raw value is its name everywhere. The cases stand in the order in which lists have them;
/// `room` and some flags have no column, they can only be filtered by.
public enum SessionField: String, CaseIterable, Codable, Hashable, Sendable {
  case id, route, path, query, room
  case address = "addr"
  case port, state, age, idle
  case messagesIn = "in.messages"
  case messagesOut = "out.messages"
  case bytesIn = "in.bytes"
  case bytesOut = "out.bytes"
  case largest, backlog
  case roundTrip = "rtt"
  case messageRateIn = "in.messages/s"
  case messageRateOut = "out.messages/s"
  case byteRateIn = "in.bytes/s"
  case byteRateOut = "out.bytes/s"
  case wireIn = "in.wire"
  case wireOut = "out.wire"
  case ratio
  case backlogPeak = "backlog.peak"
  case dropped
  case tls, compressed, tapped, throttled
  case subprotocol
  case userAgent = "ua"
  case rooms, tag, closed, code, who, actor

  /// The row of the table.
  public var definition: SessionFieldDefinition {
    switch self {
    case .id:
      SessionFieldDefinition(
        .id, "id", from: .opening, filter: "id=s-4k2",
        column: Column("ID", 9, narrow: 7, first: .least, isStandard: true),
        help: "the name that the engine gave it")
    case .route:
      SessionFieldDefinition(
        .text, "route", from: .opening, filter: "route=/ws/chat*",
        column: Column("ROUTE", 10, narrow: 6, weight: 2, first: .least),
        help: "the pattern of the route that serves it")
    case .path:
      SessionFieldDefinition(
        .text, "path", from: .opening, filter: "path~lobby",
        column: Column("PATH", 10, narrow: 6, weight: 4, first: .least, isStandard: true),
        help: "the path that the client asked for, without the query; decoded or as it came")
    case .query:
      SessionFieldDefinition(
        .text, "query", from: .opening, filter: "query~lang=de",
        column: Column("QUERY", 10, narrow: 6, weight: 3, first: .least),
        help: "the query of its request, in which secrets are redacted")
    case .room:
      SessionFieldDefinition(
        .names, "room", from: .handlers, filter: "room=lobby", help: "a room that it is in")
    case .address:
      SessionFieldDefinition(
        .address, "address", from: .opening, filter: "addr=10.0.0.0/8",
        column: Column(
          "ADDRESS", 21, narrow: 19, below: 100, first: .least, isStandard: true),
        help: "the client's address, `unix` for a Unix socket")
    case .port:
      SessionFieldDefinition(
        .port, "port", from: .opening, filter: "port>=1024",
        column: Column("PORT", 6, first: .least), help: "the client's port")
    case .state:
      SessionFieldDefinition(
        .state, "state", from: .record, filter: "state=open",
        column: Column("STATE", 8, first: .least), help: "where it stands, from opening to closed")
    case .age:
      SessionFieldDefinition(
        .seconds, "age", from: .record, filter: "age>5m",
        column: Column("AGE", 6, first: .greatest, isStandard: true),
        help: "the time since its connection was accepted, or until it was gone")
    case .idle:
      SessionFieldDefinition(
        .seconds, "idle", from: .record, filter: "idle>5m",
        column: Column("IDLE", 6, first: .greatest, isStandard: true),
        help: "the time since the last message in either direction")
    case .messagesIn:
      SessionFieldDefinition(
        .count, "messages in", from: .record, filter: "in.messages>1000",
        column: Column(
          "MSG IN", 7, first: .greatest, isStandard: true, rate: .messageRateIn),
        help: "messages received")
    case .messagesOut:
      SessionFieldDefinition(
        .count, "messages out", from: .record, filter: "out.messages>1000",
        column: Column(
          "MSG OUT", 8, first: .greatest, isStandard: true, rate: .messageRateOut),
        help: "messages sent")
    case .bytesIn:
      SessionFieldDefinition(
        .bytes, "bytes in", from: .record, filter: "in.bytes>1MiB",
        column: Column(
          "BYTES IN", 9, first: .greatest, isStandard: true, rate: .byteRateIn),
        help: "payload bytes received")
    case .bytesOut:
      SessionFieldDefinition(
        .bytes, "bytes out", from: .record, filter: "out.bytes>1MiB",
        column: Column(
          "BYTES OUT", 10, first: .greatest, isStandard: true, rate: .byteRateOut),
        help: "payload bytes sent")
    case .largest:
      SessionFieldDefinition(
        .bytes, "largest", from: .record, filter: "largest>1MiB",
        column: Column("LARGEST", 8, first: .greatest, isStandard: true),
        help: "the largest message in either direction")
    case .backlog:
      SessionFieldDefinition(
        .owedBytes, "backlog", from: .record, filter: "backlog>1MiB",
        column: Column("BACKLOG", 8, first: .greatest, isStandard: true),
        help: "output that the peer has yet to take")
    case .roundTrip:
      SessionFieldDefinition(
        .milliseconds, "round trip", from: .record, filter: "rtt>20ms",
        column: Column("RTT", 6, first: .greatest, isStandard: true),
        help: "the round trip of the keepalive's pings, smoothed")
    case .messageRateIn:
      SessionFieldDefinition(
        .count, "messages/s in", from: .lastSecond, filter: "in.messages/s>1000",
        column: Column("IN/S", 6, first: .greatest), help: "messages received in the last second")
    case .messageRateOut:
      SessionFieldDefinition(
        .count, "messages/s out", from: .lastSecond, filter: "out.messages/s>1000",
        column: Column("OUT/S", 6, first: .greatest), help: "messages sent in the last second")
    case .byteRateIn:
      SessionFieldDefinition(
        .bytes, "bytes/s in", from: .lastSecond, filter: "in.bytes/s>1MiB",
        column: Column("B IN/S", 8, first: .greatest, longHeading: "BYTES IN/S"),
        help: "payload bytes received in the last second")
    case .byteRateOut:
      SessionFieldDefinition(
        .bytes, "bytes/s out", from: .lastSecond, filter: "out.bytes/s>1MiB",
        column: Column("B OUT/S", 8, first: .greatest, longHeading: "BYTES OUT/S"),
        help: "payload bytes sent in the last second")
    case .wireIn:
      SessionFieldDefinition(
        .bytes, "wire bytes in", from: .record, filter: "in.wire>1MiB",
        column: Column("WIRE IN", 8, first: .greatest),
        help: "bytes received on the connection, headers and control frames included")
    case .wireOut:
      SessionFieldDefinition(
        .bytes, "wire bytes out", from: .record, filter: "out.wire>1MiB",
        column: Column("WIRE OUT", 9, first: .greatest),
        help: "bytes sent on the connection, headers and control frames included")
    case .ratio:
      SessionFieldDefinition(
        .ratio, "compression ratio", from: .record, filter: "ratio<1.5",
        column: Column("RATIO", 7, first: .greatest),
        help: "payload bytes for each byte on the connection, of sessions with compression")
    case .backlogPeak:
      SessionFieldDefinition(
        .owedBytes, "backlog's peak", from: .record,
        column: Column("PEAK", 8, first: .greatest, longHeading: "BACKLOG PEAK"),
        help: "the most that its backlog ever was")
    case .dropped:
      SessionFieldDefinition(
        .count, "dropped", from: .record, filter: "dropped>0",
        column: Column("DROPPED", 8, first: .greatest),
        help: "messages that `backlog-policy` dropped, as the peer did not take its output")
    case .tls:
      SessionFieldDefinition(
        .flag, "TLS", from: .opening, filter: "tls", column: Column("TLS", 4, first: .greatest),
        help: "the connection is encrypted")
    case .compressed:
      SessionFieldDefinition(
        .flag, "compressed", from: .opening, filter: "compressed",
        help: "permessage-deflate was agreed on")
    case .tapped:
      SessionFieldDefinition(
        .flag, "tapped", from: .record, filter: "tapped", help: "somebody looks at its messages")
    case .throttled:
      SessionFieldDefinition(
        .flag, "throttled", from: .record, filter: "throttled",
        help: "it is not read from, as it went over a rate")
    case .subprotocol:
      SessionFieldDefinition(
        .text, "subprotocol", from: .opening, filter: "subprotocol=mqtt",
        column: Column("PROTOCOL", 9, weight: 1, first: .least, longHeading: "SUBPROTOCOL"),
        help: "the subprotocol that was chosen")
    case .userAgent:
      SessionFieldDefinition(
        .text, "user agent", from: .opening, filter: "ua~firefox",
        column: Column("AGENT", 12, weight: 3, first: .least),
        help: "the client's `User-Agent`")
    case .rooms:
      SessionFieldDefinition(
        .rooms, "rooms", from: .handlers, filter: "rooms>1",
        column: Column("ROOMS", 10, weight: 2, first: .greatest),
        help: "the rooms that it is in; sorted and filtered by how many")
    case .tag:
      SessionFieldDefinition(
        .names, "tag", from: .handlers, filter: "tag=user:olga",
        column: Column("TAGS", 12, weight: 2, first: .least),
        help: "its tags, in the order of their keys")
    case .closed:
      SessionFieldDefinition(
        .moment, "closed at", from: .ending, filter: "closed>5m",
        column: Column("CLOSED", 7, first: .greatest), help: "the time since it was closed")
    case .code:
      SessionFieldDefinition(
        .code, "close code", from: .ending, filter: "code=1009",
        column: Column("CODE", 5, first: .least), help: "the close code")
    case .who:
      SessionFieldDefinition(
        .initiator, "closed by", from: .ending, filter: "who=limit:message-bytes",
        column: Column("BY", 14, weight: 1, first: .least, longHeading: "WHO"),
        help: "who closed it, and why")
    case .actor:
      SessionFieldDefinition(
        .text, "actor", from: .ending, filter: "actor=olga",
        column: Column("ACTOR", 12, weight: 1, first: .least),
        help: "the person or script whose act closed it")
    }
  }
}

extension SessionField {
  private typealias Column = SessionFieldDefinition.Column

  /// The fields that have a column, in the order of lists.
  public static let columns = allCases.filter { $0.definition.column != nil }

  /// The fields that are flags.
  public static let flags = allCases.filter { $0.kind == .flag }

  /// The fields that stand before an operator in a filter: all of it but its flags.
  public static let filterKeys = allCases.filter { field in
    field.definition.filter != nil && field.kind != .flag
  }

  /// The counts that the layouts of details have no place of their own for; they are listed by their
  /// titles.
  public static let furtherCounts = columns.filter { field in
    field.definition.origin == .record && field.kind.isCompared && !placed.contains(field)
  }

  private static let placed: Set<SessionField> = [
    .age, .idle, .messagesIn, .messagesOut, .bytesIn, .bytesOut, .wireIn, .wireOut, .largest,
    .backlog, .backlogPeak, .roundTrip, .ratio,
  ]

  /// The kind of its values.
  public var kind: SessionFieldDefinition.Kind { definition.kind }

  /// Its name in a sentence.
  public var title: String { definition.title }

  /// Whether it is of the last second, which the engine measures only while it is looked at.
  public var isRate: Bool { definition.origin == .lastSecond }
}

extension SessionField: SortKey {
  /// Every column can be sorted by.
  public static var sortable: [SessionField] { columns }

  /// Whether a person who picks the column wants the greatest first.
  public var isDescendingByDefault: Bool { definition.column?.first == .greatest }

  /// The heading in a table, and the longer one where there is room.
  public var headings: [String] {
    definition.column.map { column in
      column.heading == column.longHeading
        ? [column.heading] : [column.heading, column.longHeading]
    } ?? []
  }
}
