internal import ControlProtocol

/// The part of the control thread that has the clients: it is told of what they are to be shown.
///
/// Called on the control thread.
protocol ControlFront: AnyObject {
  /// An event was recorded.
  func recorded(_ entry: EventLog.Entry)
  /// The watches' snapshots are out of date, so that each is due at once.
  func snapshotChanged()
  /// The certificates and tokens for clients from elsewhere were read again.
  func adopt(_ material: RemoteMaterial)
  /// An actor asked for the engine's stop, and was answered.
  func stopRequested()
}
