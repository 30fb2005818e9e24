import Testing

@testable import PlystraTesting

@Suite struct SHA1Tests {
  /// The test vectors of RFC 3174 §7.3, and those of lengths around the padding's edges.
  @Test(arguments: [
    ("abc", 1, "a9993e364706816aba3e25717850c26c9cd0d89d"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
      "84983e441c3bd26ebaae4aa1f95129e5e54670f1"
    ),
    ("a", 1_000_000, "34aa973cd4c4daa4f61eeb2bdbad27316534016f"),
    (
      "0123456701234567012345670123456701234567012345670123456701234567", 10,
      "dea356a2cddd90c7a7ecedc5ebb563934f460452"
    ),
    ("", 1, "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
    ("a", 55, "c1c8bbdc22796e28c0e15163d20899b65621d65a"),
    ("a", 56, "c2db330f6083854c99d4b5bfb6e8f29f201be699"),
    ("a", 64, "0098ba824b5c16427bd7a1122a5a442a25ec644d"),
  ])
  func digests(text: String, repetitions: Int, digest: String) {
    let message = Array(repeatElement(Array(text.utf8), count: repetitions).joined())
    #expect(SHA1.hexadecimal(of: message) == digest)
    #expect(SHA1.hexadecimal(of: message, digits: 16) == digest.prefix(16))
  }
}
