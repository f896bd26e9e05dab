import ControlProtocol
import Vocabulary

/// The error in a filter, under its place.
enum FilterErrorText {
  /// The filter, an arrow under the column, and the sentence.
  static func lines(
    _ error: ControlError.Body, filter: String, in context: ScreenContext
  ) -> [StyledText] {
    let shift = shift(of: error, in: filter, context)
    let key = context.keyLabel(.filter)
    return [
      StyledText(context.shown(filter)),
      StyledText(String(repeating: " ", count: shift) + "^", .danger),
    ]
      + WrappedText.lines(sentence(error, in: context), columns: context.columns - 4).map {
        StyledText($0, .danger)
      }
      + [StyledText("\(key) changes the filter, Esc clears it", .dim)]
  }

  /// The columns of the terminal before the error.
  static func shift(of error: ControlError.Body, in filter: String, _ context: ScreenContext) -> Int
  {
    EditorView.column(
      ofScalar: scalar(of: error), in: filter, EditorView.Part(),
      repertoire: context.setup.repertoire)
  }

  /// The index of the scalar at the error.
  static func scalar(of error: ControlError.Body) -> Int {
    min(max(error.column ?? 1, 1), 4097) - 1
  }

  /// The sentence, with the column.
  static func sentence(_ error: ControlError.Body, in context: ScreenContext) -> String {
    let place = error.column.map { "column \($0): " } ?? ""
    return place + context.shown(error.message)
  }
}
