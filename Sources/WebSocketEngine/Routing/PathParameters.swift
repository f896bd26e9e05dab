/// The parameters of a path, in the order of its route's pattern, percent-decoded once.
public struct PathParameters: Sendable {
  /// One parameter.
  public struct Parameter: Sendable {
    /// Its name in the pattern.
    public let name: String
    /// Its text, decoded; a slash that was sent as `%2F` is part of it.
    public let text: String
    /// The value that its converter read; the text for a parameter without a converter.
    public let value: any Sendable
  }

  private var parameters: [Parameter]

  /// Parameters in their order.
  init(_ parameters: [Parameter] = []) {
    self.parameters = parameters
  }

  /// The text of a parameter, or nil if the pattern has none of that name.
  public subscript(name: String) -> String? {
    parameter(name)?.text
  }

  /// The value that a parameter's converter read, or nil if it is no `Value`.
  public func value<Value: Sendable>(_ name: String, as type: Value.Type = Value.self) -> Value? {
    parameter(name)?.value as? Value
  }

  /// The value of a parameter `{name:int}`.
  public func int(_ name: String) -> Int? { value(name) }

  /// The value of a parameter `{name:uuid}`, in lower case.
  ///
  /// A parameter that another converter reads as text is given as that text.
  public func uuid(_ name: String) -> String? { value(name) }

  /// The value of a parameter `{name:date}`.
  public func date(_ name: String) -> CalendarDate? { value(name) }

  private func parameter(_ name: String) -> Parameter? {
    parameters.first { $0.name.utf8.elementsEqual(name.utf8) }
  }
}

extension PathParameters: RandomAccessCollection {
  /// The position of the first parameter.
  public var startIndex: Int { parameters.startIndex }

  /// The position after the last parameter.
  public var endIndex: Int { parameters.endIndex }

  /// The parameter at a position.
  public subscript(position: Int) -> Parameter { parameters[position] }
}
