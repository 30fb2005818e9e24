/// A gzip stream of zero bytes that is 1,032 times smaller than what it decodes to.
///
/// Its one deflate block has a Huffman code in which "repeat the last byte 258 times" is two zero bits, so
/// that most of the stream is zero bytes itself and costs next to nothing to make.
package enum GzipBomb {
  /// A complete, valid gzip stream.
  ///
  /// - Parameter count: how many zero bytes it decodes to: a multiple of 258 plus 1 is met exactly, any other
  ///   number is rounded up to the next of those.
  package static func bytes(decodingTo count: Int) -> [UInt8] {
    let repeats = max(0, (count - 1 + 257) / 258)
    var bits = BitWriter(bytes: [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF])
    writeBlockHeader(to: &bits)
    bits.write(0b01, 2)  // the literal 0
    bits.writeZeros(2 * repeats)
    bits.write(0b11, 2)  // end of block
    bits.alignToByte()
    let size = 1 + 258 * repeats
    bits.write(Int(checksum(ofZeros: size)), 32)
    bits.write(size & 0xFFFF_FFFF, 32)
    return bits.bytes
  }

  /// The head of a last block with a dynamic code (RFC 1951 §3.2.7): lengths 2 for the literal 0, 2 for the
  /// end of the block (256), 1 for a match of 258 bytes (285), and 1 for the distance 1.
  ///
  /// Codes travel with their most significant bit first, so 285 is `0`, the literal `10` and the end `11`.
  private static func writeBlockHeader(to bits: inout BitWriter) {
    bits.write(1, 1)
    bits.write(2, 2)
    bits.write(286 - 257, 5)
    bits.write(1 - 1, 5)
    bits.write(18 - 4, 4)
    // Lengths of the code for lengths, in the order 16 17 18 0 8 7 9 6 10 5 11 4 12 3 13 2 14 1:
    // 1 bit for 18 (a run of zeros), 2 bits each for 1 and 2, so that their codes are 0, 10 and 11.
    for symbol in [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1] {
      bits.write(symbol == 18 ? 1 : symbol == 1 || symbol == 2 ? 2 : 0, 3)
    }
    let (lengthOne, lengthTwo) = (0b01, 0b11)
    func zeros(_ count: Int) {
      bits.write(0, 1)
      bits.write(count - 11, 7)
    }
    bits.write(lengthTwo, 2)
    zeros(138)
    zeros(117)
    bits.write(lengthTwo, 2)
    zeros(28)
    bits.write(lengthOne, 2)
    bits.write(lengthOne, 2)
  }

  /// The CRC-32 of so many zero bytes: each multiplies the register by x⁸, so the power is found by squaring.
  private static func checksum(ofZeros count: Int) -> UInt32 {
    var power: UInt32 = 1 << 31  // x⁰: polynomials are bit-reversed
    var square: UInt32 = 1 << 23  // x⁸
    var left = count
    while left > 0 {
      if left & 1 == 1 { power = product(power, square) }
      square = product(square, square)
      left >>= 1
    }
    return ~product(power, ~0)
  }

  private static func product(_ lhs: UInt32, _ rhs: UInt32) -> UInt32 {
    var sum: UInt32 = 0
    var shifted = rhs
    for bit in stride(from: 31, through: 0, by: -1) {
      if lhs >> UInt32(bit) & 1 == 1 { sum ^= shifted }
      shifted = shifted & 1 == 1 ? shifted >> 1 ^ 0xEDB8_8320 : shifted >> 1
    }
    return sum
  }

  /// Packs bits into bytes, the lowest bit first.
  private struct BitWriter {
    var bytes: [UInt8]
    private var current: UInt8 = 0
    private var used = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func write(_ value: Int, _ count: Int) {
      for bit in 0..<count {
        current |= UInt8(value >> bit & 1) << UInt8(used)
        used += 1
        if used == 8 { flush() }
      }
    }

    mutating func writeZeros(_ count: Int) {
      let first = min(count, (8 - used) % 8)
      write(0, first)
      bytes += [UInt8](repeating: 0, count: (count - first) / 8)
      write(0, (count - first) % 8)
    }

    mutating func alignToByte() {
      if used > 0 { flush() }
    }

    private mutating func flush() {
      bytes.append(current)
      current = 0
      used = 0
    }
  }
}
