using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace HpcFit.Coordinator.Tests.Writing;

/// <summary>
/// Converts a journal to the format of the first version of the program: no samples, device or owner; SHA-256 over all but the state.
/// </summary>
internal static class FirstFormat
{
    private const int HeaderAt = 24,
        Checksum = 16;

    public static void Rewrite(string journal)
    {
        var bytes = File.ReadAllBytes(journal);
        var length = (int)BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(16));
        var header = JsonNode.Parse(bytes.AsSpan(HeaderAt, length))!.AsObject();
        header["format"] = 1;
        foreach (var name in (string[])["device", "born", "owner", "samples"])
            header.Remove(name);
        var json = Encoding.UTF8.GetBytes(header.ToJsonString());
        var old = new byte[HeaderAt];
        bytes.AsSpan(0, 8).CopyTo(old);
        old[8] = (byte)'P';
        BinaryPrimitives.WriteInt64LittleEndian(old.AsSpan(16), json.Length);
        byte[] content = [.. old, .. json, .. bytes[(HeaderAt + length)..^Checksum]];
        File.WriteAllBytes(journal, [.. content, .. SHA256.HashData((byte[])[.. content[..8], .. content[9..]])]);
    }
}
