import ControlProtocol
import Vocabulary

/// What is wrong with a filter, under the place where it is.
enum FilterErrorText {
  /// The filter, an arrow under the column, and the sentence.
  static func lines(
    _ error: ControlError.Body, filter: String, in model: Model
  ) -> [StyledText] {
    let shift = shift(of: error, in: filter, model)
    return [
      StyledText(model.shown(filter)),
      StyledText(String(repeating: " ", count: shift) + "^", .danger),
      StyledText(sentence(error, in: model), .danger),
      StyledText("/ changes the filter, Esc clears it", .dim),
    ]
  }

  /// How many columns of the terminal stand before the column that is wrong.
  static func shift(of error: ControlError.Body, in filter: String, _ model: Model) -> Int {
    let before = min(max(error.column ?? 1, 1), 4097) - 1
    return DisplayWidth.of(model.shown(String(filter.prefix(before))))
  }

  /// The sentence, with the column.
  static func sentence(_ error: ControlError.Body, in model: Model) -> String {
    let place = error.column.map { "column \($0): " } ?? ""
    return place + model.shown(error.message)
  }
}
