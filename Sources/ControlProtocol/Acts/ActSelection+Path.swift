internal import Vocabulary

extension SessionID {
  /// A selection of the path's session, which the body may omit but not contradict.
  func alone(in selection: ActSelection) throws(ControlError) -> ActSelection {
    guard selection.sessions == nil || selection.sessions == [self], selection.filter == nil else {
      throw ControlError(
        code: "invalid-sessions", message: "the path names \(self), the body other sessions")
    }
    var selection = selection
    selection.sessions = [self]
    return selection
  }
}
