namespace HpcFit.Shared.Files;

/// <summary>A file and the checksum of its content, as <c>sha256sum</c> prints it.</summary>
/// <param name="Path">The file.</param>
/// <param name="Sha256">64 lower-case hexadecimal digits.</param>
public sealed record FileChecksum(string Path, string Sha256)
{
    /// <summary>Computes the checksum of a file.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static FileChecksum Compute(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return new(path, Convert.ToHexStringLower(Sha256Digest.Hash(file)));
    }
}
