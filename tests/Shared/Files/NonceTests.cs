using HpcFit.Shared.Files;

namespace HpcFit.Shared.Tests.Files;

public sealed class NonceTests
{
    [Fact]
    public void Nonces_have_two_digits_a_byte_and_differ()
    {
        Nonce.Hex(4).ShouldMatch("^[0-9a-f]{8}$");
        Enumerable.Range(0, 1000).Select(_ => Nonce.Hex(16)).Distinct().Count().ShouldBe(1000);
    }
}
