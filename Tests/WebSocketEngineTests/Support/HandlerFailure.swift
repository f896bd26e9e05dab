/// A handler's failure with a text to look for.
struct HandlerFailure: Error, CustomStringConvertible {
  var description: String { "the handler's own words" }
}
