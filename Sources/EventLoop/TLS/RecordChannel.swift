internal import COpenSSL
internal import Glibc

/// The end of OpenSSL's BIO in the place of a socket: it reads received bytes, and writes into a
/// buffer that is sent afterwards.
///
/// OpenSSL's own memory BIO was not taken because each connection would keep the memory of its
/// longest burst.
@safe
final class RecordChannel {
  /// The state that the functions called by OpenSSL see.
  @unsafe
  struct State {
    var input: UnsafeMutablePointer<UInt8>?
    var inputCursor = 0
    var inputEnd = 0
    var output: UnsafeMutablePointer<UInt8>?
    var outputCount = 0
    var outputCapacity = 0
  }

  let state: UnsafeMutablePointer<State>

  init() {
    unsafe state = .allocate(capacity: 1)
    unsafe state.initialize(to: State())
  }

  deinit {
    unsafe state.deallocate()
  }

  /// A BIO for one connection, which owns it; nil if memory is out.
  ///
  /// It must not be used after the channel is gone.
  func makeBIO() -> OpaquePointer? {
    guard let bio = unsafe BIO_new(Self.method) else { return nil }
    unsafe BIO_set_data(bio, state)
    unsafe BIO_set_init(bio, 1)
    return unsafe bio
  }

  // `method` is written once, before anybody reads it.
  nonisolated(unsafe) private static let method: OpaquePointer? = {
    let method = unsafe BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "wstop records")
    unsafe BIO_meth_set_read(method, readRecord)
    unsafe BIO_meth_set_write(method, writeRecord)
    unsafe BIO_meth_set_ctrl(method, controlRecords)
    return unsafe method
  }()
}

private func readRecord(
  _ bio: OpaquePointer?, _ bytes: UnsafeMutablePointer<CChar>?, _ count: Int32
) -> Int32 {
  unsafe COpenSSL_clearRetryFlags(bio)
  guard
    let state = unsafe BIO_get_data(bio)?.assumingMemoryBound(to: RecordChannel.State.self),
    let bytes = unsafe bytes
  else { return -1 }
  let taken = unsafe min(Int(count), state.pointee.inputEnd - state.pointee.inputCursor)
  guard taken > 0, let input = unsafe state.pointee.input else {
    unsafe COpenSSL_setRetryRead(bio)
    return -1
  }
  unsafe memcpy(bytes, input + state.pointee.inputCursor, taken)
  unsafe state.pointee.inputCursor += taken
  return Int32(taken)
}

private func writeRecord(
  _ bio: OpaquePointer?, _ bytes: UnsafePointer<CChar>?, _ count: Int32
) -> Int32 {
  unsafe COpenSSL_clearRetryFlags(bio)
  guard
    let state = unsafe BIO_get_data(bio)?.assumingMemoryBound(to: RecordChannel.State.self),
    let bytes = unsafe bytes, let output = unsafe state.pointee.output, count > 0
  else { return -1 }
  let taken = unsafe min(Int(count), state.pointee.outputCapacity - state.pointee.outputCount)
  guard taken > 0 else {
    unsafe COpenSSL_setRetryWrite(bio)
    return -1
  }
  unsafe memcpy(output + state.pointee.outputCount, bytes, taken)
  unsafe state.pointee.outputCount += taken
  return Int32(taken)
}

private func controlRecords(
  _ bio: OpaquePointer?, _ command: Int32, _ number: Int, _ pointer: UnsafeMutableRawPointer?
) -> Int {
  command == BIO_CTRL_FLUSH ? 1 : 0
}
