/// Any key of a filter, by what its values are.
enum FilterKey: Hashable {
  case id, state, who
  case text(FilterTextKey)
  case number(FilterNumberKey)

  init?(_ name: String) {
    guard let key = Self.all.first(where: { $0.name == name }) else { return nil }
    self = key
  }

  /// All keys in the order in which help lists them.
  static let all: [FilterKey] =
    [.id] + [.route, .path, .room, .address].map(FilterKey.text)
    + FilterNumberKey.allCases.filter { $0 != .code }.map(FilterKey.number)
    + [.state, .number(.code), .who] + [.userAgent, .tag, .subprotocol].map(FilterKey.text)

  var name: String {
    switch self {
    case .id: "id"
    case .state: "state"
    case .who: "who"
    case .text(let key): key.rawValue
    case .number(let key): key.rawValue
    }
  }

  /// The operators that make sense for the key.
  var operators: [FilterOperator] {
    switch self {
    case .number: [.equal, .notEqual, .greater, .less, .greaterOrEqual, .lessOrEqual]
    case .state: [.equal, .notEqual]
    case .id, .who, .text: [.equal, .notEqual, .contains]
    }
  }

  /// A term that is right, for errors and help.
  var example: String {
    switch self {
    case .id: "id=s-4k2"
    case .state: "state=open"
    case .who: "who=limit:message-bytes"
    case .text(.route): "route=/ws/chat*"
    case .text(.path): "path~lobby"
    case .text(.room): "room=lobby"
    case .text(.address): "addr=10.0.0.0/8"
    case .text(.userAgent): "ua~firefox"
    case .text(.tag): "tag=user:olga"
    case .text(.subprotocol): "subprotocol=mqtt"
    case .number(let key):
      switch key.unit {
      case .count:
        switch key {
        case .port: "port>=1024"
        case .rooms: "rooms>1"
        default: "\(name)>1000"
        }
      case .bytes: "\(name)>1MiB"
      case .seconds: "\(name)>5m"
      case .milliseconds: "\(name)>20ms"
      case .code: "code=1009"
      case .ratio: "ratio<1.5"
      }
    }
  }
}
