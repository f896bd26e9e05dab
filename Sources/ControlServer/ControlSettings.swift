internal import EventLoop

/// The users of the control API, and how long its clients may take.
package struct ControlSettings: Sendable {
  /// The users whose processes are served.
  package var userIDs: Set<UInt32>
  /// From the first byte of a request to its last.
  package var requestTimeout = Duration.seconds(10)
  /// Between two requests on one connection.
  package var idleTimeout = Duration.seconds(300)
  /// Without any progress while a client is owed output: not a byte taken by its TCP, or ten times
  /// this while its TCP answers for it (`PeerProgress`).
  package var stallTimeout = Duration.seconds(10)
  /// How long input is awaited and thrown away after the last answer on a connection.
  package var lingerTimeout = Duration.seconds(2)

  /// The time that the client of a watch or a tap has to answer a close frame.
  package var closeTimeout = Duration.seconds(5)

  /// The time within which a client from elsewhere must show its token, the TLS handshake included.
  package var authenticationTimeout = Duration.seconds(10)

  /// Whether operators may look at the messages of sessions.
  package var permitsTaps = true

  /// The service for clients from elsewhere; nil: none.
  package var remote: RemoteControl?

  /// Opens the file of the log again and gives its path, for display; nil: the log goes to no file.
  package var reopenLog: (@Sendable () throws -> String)?

  /// The most taps at once.
  package static let maximumTapCount = 16
  /// The most connections that are served at once.
  package static let maximumConnectionCount = 64
  /// The most connections from elsewhere, so that some are left for this machine.
  package static let maximumRemoteCount = 48
  /// The most output that waits for one client, beyond a single answer, in bytes.
  package static let maximumBacklogByteCount = 8 << 20

  /// The settings unless a test wants others: this process's user and root are served.
  package init() {
    userIDs = [Syscalls.effectiveUserID, 0]
  }
}
