/// The result of an action or a click.
package enum Reaction: Equatable, Sendable {
  /// It means nothing here: the next layer is asked.
  case ignored
  /// It was handled, with these effects.
  case handled([Effect])
}
