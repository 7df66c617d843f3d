using System.IO.Compression;
using HpcFit.Shared.Failures;

namespace HpcFit.Shared.Surfaces;

/// <summary>The bytes of an array: base64, compressed or not.</summary>
internal static class GiftiBinary
{
    /// <summary>Deflate does not expand data more than this, so a declared size beyond it is wrong before memory is allocated.</summary>
    private const long LargestExpansion = 1032;

    /// <summary>Decodes base64.</summary>
    /// <param name="text">The text; white space in it has no meaning.</param>
    /// <param name="size">The number of bytes that there must be.</param>
    /// <param name="problem">Makes an error from the end of its sentence.</param>
    /// <exception cref="BadInputException">It is not base64, or has another size.</exception>
    public static byte[] FromBase64(string text, long size, Func<string, BadInputException> problem)
    {
        var bytes = Decode(text, problem);
        return bytes.Length == size ? bytes : throw problem($"contains {bytes.Length:N0} bytes; {size:N0} are expected.");
    }

    /// <summary>Decodes base64 and inflates the result, which is zlib data in spite of the encoding's name, or a gzip file.</summary>
    /// <inheritdoc cref="FromBase64"/>
    public static byte[] Inflated(string text, long size, Func<string, BadInputException> problem)
    {
        var deflated = Decode(text, problem);
        if (size > LargestExpansion * deflated.Length)
            throw problem($"contains {deflated.Length:N0} compressed bytes, which cannot be {size:N0} bytes, as expected.");
        using var source = new MemoryStream(deflated);
        using var inflate = deflated is [0x1F, 0x8B, ..]
            ? new GZipStream(source, CompressionMode.Decompress)
            : (Stream)new ZLibStream(source, CompressionMode.Decompress);
        var bytes = new byte[size];
        try
        {
            var read = inflate.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            if (read < size)
                throw problem($"contains {read:N0} bytes; {size:N0} are expected.");
            return inflate.ReadByte() < 0 ? bytes : throw problem($"contains more than the {size:N0} bytes that are expected.");
        }
        catch (InvalidDataException damage)
        {
            throw problem($"cannot be inflated: {damage.Message}");
        }
    }

    private static byte[] Decode(string text, Func<string, BadInputException> problem)
    {
        try
        {
            return Convert.FromBase64String(text);
        }
        catch (FormatException)
        {
            throw problem("is not valid base64.");
        }
    }
}
