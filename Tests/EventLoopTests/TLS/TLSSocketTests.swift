import COpenSSL
import TestCertificates
import TestSupport
import Testing

@testable import EventLoop

@Suite("TLS over sockets", .limited)
struct TLSSocketTests {
  /// One end of a connection over a socket.
  final class End {
    let buffers: TLSBuffers
    let connection: TLSConnection
    let socket: OwnedDescriptorBox
    let plaintext = ReactorBuffer(byteCount: 512 << 10)
    var received: [UInt8] = []
    var end: TLSConnection.StreamEnd?
    var wireIn = 0
    var wireOut = 0

    init(_ connection: TLSConnection, _ buffers: TLSBuffers, _ descriptor: Int32) {
      self.connection = connection
      self.buffers = buffers
      socket = OwnedDescriptorBox(descriptor)
    }

    var descriptor: Int32 { socket.number }

    /// Reads once; false if there was nothing.
    @discardableResult
    func read() -> Bool {
      let result = plaintext.withBytes { connection.receive(from: descriptor, into: &$0, from: 0) }
      received += plaintext.array(of: 0..<result.byteCount)
      wireIn += result.wireIn
      wireOut += result.wireOut
      end = end ?? result.end
      return result.wireIn > 0
    }

    func note(_ sent: TLSConnection.Sent) -> Int {
      #expect(!sent.hasFailed)
      wireOut += sent.wireOut
      return sent.byteCount
    }
  }

  /// A descriptor in a class.
  final class OwnedDescriptorBox {
    private var owned: OwnedDescriptor?
    let number: Int32
    init(_ number: Int32) {
      self.number = number
      owned = OwnedDescriptor(owning: number)
    }
    func close() { owned = nil }
  }

  private let directory: TestCertificates
  private let context: TLSContext

  init() throws {
    directory = try TestCertificates()
    context = try TLSContext.server(TLSSettings(certificates: [directory.make().files]))
  }

  private func connect() throws -> (client: End, server: End) {
    let (near, far) = try Socket.pair()
    let serverBuffers = TLSBuffers()
    let clientBuffers = TLSBuffers()
    let server = End(try TLSConnection(server: context, serverBuffers), serverBuffers, near)
    let client = End(
      try TLSConnection(
        client: .client(verifying: .nothing), serverName: nil, clientBuffers), clientBuffers, far)
    _ = client.note(try client.connection.beginHandshake(on: client.descriptor))
    for _ in 0..<3 {
      server.read()
      client.read()
    }
    #expect(server.connection.isOpen)
    #expect(client.connection.isOpen)
    return (client, server)
  }

  private func pattern(_ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 131 &+ $0 >> 9) }
  }

  /// Sends all of it to a peer that reads now and then; the socket takes less than all at once.
  private func transfer(
    _ bytes: [UInt8], from sender: End, to receiver: End,
    send: (Int) -> TLSConnection.Sent
  ) {
    var sent = 0
    var shortWrites = 0
    while sent < bytes.count || sender.connection.hasUnsent {
      let result =
        sent < bytes.count ? send(sent) : sender.connection.flush(to: sender.descriptor)
      let count = sender.note(result)
      sent += count
      #expect(sender.connection.unsent.count <= sender.buffers.sealed.count)
      if sender.connection.hasUnsent { shortWrites += 1 }
      receiver.read()
    }
    while receiver.read() {}
    #expect(shortWrites > 0, "the socket took everything at once")
    #expect(receiver.received == bytes)
    receiver.received = []
    #expect(receiver.wireIn == sender.wireOut)
    #expect(sender.wireOut > bytes.count)
  }

  @Test("More than the socket takes arrives in order; what waits is bounded and goes first")
  func shortWrites() throws {
    let (client, server) = try connect()
    let bytes = pattern(3_000_000)
    transfer(bytes, from: server, to: client) { offset in
      server.connection.send(
        bytes.span.extracting(offset..<bytes.count), to: server.descriptor)
    }
  }

  @Test("Pieces of a head and a payload arrive in order")
  func pieces() throws {
    let (client, server) = try connect()
    let head = pattern(4000)
    let payload = pattern(2_000_000)
    var pieces: [Syscalls.Piece] = []
    var expected: [UInt8] = []
    for index in 0..<40 {
      let size = [10, 4096, 5000, 1, 49_000][index % 5]
      pieces.append(.init(isPayload: false, offset: index * 100, count: index + 2))
      expected += head[(index * 100)..<(index * 100 + index + 2)]
      pieces.append(.init(isPayload: true, offset: index * 50_000, count: size))
      expected += payload[(index * 50_000)..<(index * 50_000 + size)]
    }
    transfer(expected, from: server, to: client) { offset in
      // What is left of the pieces, as the caller would cut them.
      var skip = offset
      var rest: [Syscalls.Piece] = []
      for piece in pieces {
        guard skip < piece.count else {
          skip -= piece.count
          continue
        }
        rest.append(
          .init(
            isPayload: piece.isPayload, offset: piece.offset + skip, count: piece.count - skip))
        skip = 0
      }
      return server.connection.send(
        head: head.span, payload: payload.span, pieces: rest, to: server.descriptor)
    }
  }

  @Test("Many small slices share records")
  func slices() throws {
    let (client, server) = try connect()
    let slices = (0..<60).map { index in
      SharedSlice(SharedBytes(copying: pattern(200).span), index..<(index + 100))
    }
    let before = server.wireOut
    let sent = server.connection.send(
      head: pattern(9).span, slices: slices, to: server.descriptor)
    #expect(server.note(sent) == 6009)
    #expect(server.wireOut - before < 6009 + 64, "one record")
    client.read()
    let expected = pattern(9) + (0..<60).flatMap { Array(pattern(200)[$0..<($0 + 100)]) }
    #expect(client.received == expected)
  }

  @Test("The end is told as often as it is asked for, with or without close_notify")
  func ends() throws {
    let (client, server) = try connect()
    _ = client.note(client.connection.send([1, 2].span, to: client.descriptor))
    _ = client.note(client.connection.sendCloseNotify(to: client.descriptor))
    server.read()
    #expect(server.received == [1, 2])
    #expect(server.end == .endOfStream)
    server.end = nil
    server.read()
    #expect(server.end == .endOfStream)
    // A connection that is cut without a word ends the same way.
    let (other, patient) = try connect()
    other.socket.close()
    patient.read()
    #expect(patient.end == .endOfStream)
  }

  @Test("An alert reaches the peer of a connection that failed")
  func alert() throws {
    let (client, server) = try connect()
    _ = Syscalls.send(client.descriptor, [23, 3, 3, 0, 20].span)
    _ = Syscalls.send(client.descriptor, pattern(20).span)
    server.read()
    guard case .failed(let error)? = server.end else {
      Issue.record("it was taken")
      return
    }
    #expect(error.kind == .connection)
    client.read()
    guard case .failed? = client.end else {
      Issue.record("no alert came")
      return
    }
    #expect(server.connection.send([1].span, to: server.descriptor).hasFailed)
  }

  @Test("A peer that asks for answers and reads none of them is ended at a limit")
  func unreadAnswers() throws {
    let (client, server) = try connect()
    // Everything that the socket takes is in its way already.
    let filler = pattern(1 << 20)
    while server.connection.send(filler.span, to: server.descriptor).byteCount == filler.count {}
    #expect(server.connection.hasUnsent)
    var rounds = 0
    while server.end == nil, rounds < 100_000 {
      rounds += 1
      #expect(SSL_key_update(client.connection.pointer, Int32(SSL_KEY_UPDATE_REQUESTED)) == 1)
      #expect(SSL_do_handshake(client.connection.pointer) == 1)
      let record = client.buffers.takeSealed()
      guard case .bytes = Syscalls.send(client.descriptor, record.span) else { break }
      server.read()
      #expect(
        server.connection.unsent.count
          <= TLSConnection.maximumUnsentByteCount + server.buffers.sealed.count)
    }
    guard case .failed(let error)? = server.end else {
      Issue.record("it is served after \(rounds) updates, owed \(server.connection.unsent.count)")
      return
    }
    #expect(error.kind == .tooMuchOutput)
  }
}
