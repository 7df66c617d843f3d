using System.Security.Cryptography;
using System.Text;
using HpcFit.Shared.Files;

namespace HpcFit.Shared.Tests.Files;

public class Sha256DigestTests
{
    /// <summary>The examples of FIPS 180-2, appendix B, and the empty message.</summary>
    [Theory]
    [InlineData("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData(
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    )]
    public void Published_examples(string message, string digest) =>
        Convert.ToHexStringLower(Sha256Digest.Hash(Encoding.ASCII.GetBytes(message))).ShouldBe(digest);

    [Fact]
    public void Every_length_around_a_block_and_pieces_of_a_stream_equal_NETs()
    {
        var bytes = new byte[200_001];
        new Random(5).NextBytes(bytes);
        foreach (var length in Enumerable.Range(0, 140).Append(65_536).Append(bytes.Length))
        {
            var expected = SHA256.HashData(bytes.AsSpan(0, length));
            Sha256Digest.Hash(bytes.AsSpan(0, length)).ShouldBe(expected);
            using var stream = new MemoryStream(bytes, 0, length);
            Sha256Digest.Hash(stream).ShouldBe(expected);
        }
    }
}
