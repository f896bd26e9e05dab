/// What became of an action or a click.
package enum Reaction: Equatable, Sendable {
  /// It means nothing here: whatever lies below is asked.
  case ignored
  /// It was taken, and this has to be done outside.
  case handled([Effect])
}
