import Testing
import WebSocketProtocol

@Suite("The growing byte buffer")
struct ByteBufferTests {
  @Test("An empty buffer has no storage and no bytes")
  func empty() {
    var buffer = ByteBuffer()
    let none: [UInt8] = []
    buffer.append(copying: none.span)
    let (count, capacity, isEmpty) = (buffer.count, buffer.capacity, buffer.isEmpty)
    #expect(count == 0 && capacity == 0 && isEmpty)
    #expect(array(of: buffer) == [])
  }

  @Test("Storage never passes twice the bytes that came", arguments: [1, 2, 3, 7, 100, 1021])
  func growth(pieceByteCount: Int) {
    var buffer = ByteBuffer()
    var expected: [UInt8] = []
    var capacities: Set<Int> = []
    let piece = pattern(pieceByteCount)
    for _ in 0..<300 {
      buffer.append(copying: piece.span)
      expected += piece
      let (count, capacity) = (buffer.count, buffer.capacity)
      #expect(count == expected.count && capacity >= count && capacity <= 2 * count)
      capacities.insert(capacity)
    }
    // Geometric: about log2(300) allocations, not 300.
    #expect(capacities.count <= 10)
    #expect(array(of: buffer) == expected)
  }

  @Test("Growth stops at a known end")
  func knownEnd() {
    var buffer = ByteBuffer()
    let piece = pattern(100)
    for _ in 0..<5 { buffer.append(unmasking: piece.span, key: 0, finalByteCount: 500) }
    let capacity = buffer.capacity
    #expect(capacity == 500)
  }

  @Test("Bytes are unmasked on their way in")
  func unmasking() {
    var buffer = ByteBuffer()
    let masked: [UInt8] = [0x7f, 0x9f, 0x4d, 0x51, 0x58]
    buffer.append(unmasking: masked.span, key: 0x37fa_213d)
    #expect(array(of: buffer) == Array("Hello".utf8))
  }

  @Test("Bytes can be taken off the front", arguments: 0...20)
  func removeFirst(count: Int) {
    var buffer = ByteBuffer()
    let bytes = pattern(20)
    buffer.append(copying: bytes.span)
    buffer.removeFirst(count)
    buffer.append(copying: bytes.span)
    #expect(array(of: buffer) == bytes[count...] + bytes)
  }

  @Test("Taking leaves an empty buffer; removing all keeps the storage")
  func take() {
    var buffer = ByteBuffer()
    let bytes = pattern(20)
    buffer.append(copying: bytes.span)
    let taken = buffer.take()
    let capacity = buffer.capacity
    #expect(capacity == 0)
    #expect(array(of: taken) == bytes)
    buffer.append(copying: bytes.span)
    buffer.removeAll()
    let (count, kept) = (buffer.count, buffer.capacity)
    #expect(count == 0 && kept >= 20)
  }
}
