/// A row of the table of session fields.
public struct SessionFieldDefinition: Equatable, Sendable {
  /// The kind of the values.
  public var kind: Kind
  /// Its name in a sentence.
  public var title: String
  /// The source of the value.
  public var origin: Origin
  /// A term of a filter that is right; nil if there is no filtering by it.
  public var filter: String?
  /// Its column; nil if it has none.
  public var column: Column?
  /// One sentence about it, without a capital and a point.
  public var help: String

  /// A kind of values, which says how they are compared, filtered and written.
  public enum Kind: Hashable, Sendable {
    /// The session's name.
    case id
    /// A text that the client or the server's program chose.
    case text
    /// Several such texts.
    case names
    /// The names of rooms, which are shown; sorted and filtered by how many there are.
    case rooms
    /// An address, compared as a number.
    case address
    /// A state, in the order in which sessions go through them.
    case state
    /// The initiator of the close.
    case initiator
    /// Yes or no.
    case flag
    /// A port; 0 where there is none.
    case port
    /// A number of things.
    case count
    /// A number of bytes.
    case bytes
    /// A number of bytes that wait; mostly there are none.
    case owedBytes
    /// A span of time in seconds.
    case seconds
    /// A span of time in milliseconds.
    case milliseconds
    /// A moment, told as the seconds since then; the latest is the greatest.
    case moment
    /// A close code.
    case code
    /// A ratio to one.
    case ratio
  }

  /// A source of values, which says when they are known and when they change.
  public enum Origin: Hashable, Sendable {
    /// The opening handshake: known from then on, and always the same.
    case opening
    /// The engine's record of the session, which changes with its traffic.
    case record
    /// The difference of two records, which is measured only while somebody looks.
    case lastSecond
    /// The state that handlers change, for which the session's reactor is asked.
    case handlers
    /// The session's end, which only closed ones have.
    case ending
  }

  /// The end of the order that comes first where a person picks the column to sort by.
  public enum First: Hashable, Sendable {
    case least, greatest
  }

  /// A row.
  init(
    _ kind: Kind, _ title: String, from origin: Origin, filter: String? = nil,
    column: Column? = nil, help: String
  ) {
    self.kind = kind
    self.title = title
    self.origin = origin
    self.filter = filter
    self.column = column
    self.help = help
  }

  /// The column of a field in a table.
  public struct Column: Equatable, Sendable {
    /// The heading.
    public var heading: String
    /// The heading where it may take whatever room it needs.
    public var longHeading: String
    /// How many columns of a terminal it takes.
    public var width: Int
    /// How many it takes of a terminal that is narrower than `narrowBelow`.
    public var narrowWidth: Int
    /// The number of columns below which a terminal is narrow.
    public var narrowBelow: Int
    /// Its share of the columns that are left over; 0: its width is always the same.
    public var weight: Int
    /// The end of the order that comes first where a person picks it to sort by.
    public var first: First
    /// Whether a table has it unless other columns were chosen.
    public var isStandard: Bool
    /// The field of the same thing in the last second; nil if there is none.
    public var rate: SessionField?

    /// A column.
    init(
      _ heading: String, _ width: Int, narrow: Int? = nil, below: Int = 40, weight: Int = 0,
      first: First, longHeading: String? = nil, isStandard: Bool = false,
      rate: SessionField? = nil
    ) {
      self.heading = heading
      self.longHeading = longHeading ?? heading
      self.width = width
      narrowWidth = narrow ?? width
      narrowBelow = below
      self.weight = weight
      self.first = first
      self.isStandard = isStandard
      self.rate = rate
    }

    /// How many columns it takes of a terminal that has so many.
    public func width(ofTerminal columns: Int) -> Int {
      columns < narrowBelow ? narrowWidth : width
    }
  }
}

extension SessionFieldDefinition.Kind {
  /// Whether filters compare the values as numbers.
  public var isCompared: Bool {
    switch self {
    case .port, .count, .bytes, .owedBytes, .seconds, .milliseconds, .moment, .code, .ratio,
      .rooms:
      true
    case .id, .text, .names, .address, .state, .initiator, .flag: false
    }
  }

  /// Whether a column of the values is aligned to the right.
  public var isAlignedRight: Bool { isCompared && self != .rooms }
}
