internal import ControlProtocol

/// The answer of the control API to a request.
enum ControlAnswer {
  case reply(ControlReply)
  /// A window of sessions, whose rows are made as they are needed: it may have all sessions. It is
  /// memory, so it has a place, which is left once it is not needed any more.
  case sessions(SessionWindow, ListPlaces.Place)
}
