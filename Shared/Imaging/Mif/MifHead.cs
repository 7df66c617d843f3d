using System.Text;

namespace HpcFit.Shared.Imaging.Mif;

/// <summary>Writes an MRtrix header that is immediately followed by the samples.</summary>
internal static class MifHead
{
    private const int Alignment = 4;

    /// <summary>The bytes before the samples.</summary>
    /// <param name="lines">All lines except <c>file</c>, which is added here.</param>
    public static byte[] Render(IReadOnlyList<MifLine> lines)
    {
        var text = "mrtrix image\n" + string.Concat(lines.Select(line => line + "\n"));
        var offset = Encoding.UTF8.GetByteCount(text);
        // The digits of the offset are part of the header's length.
        string file;
        do
        {
            offset = (offset + Alignment) / Alignment * Alignment;
            file = $"file: . {offset}\nEND\n";
        } while (Encoding.UTF8.GetByteCount(text) + file.Length > offset);
        var head = new byte[offset];
        Encoding.UTF8.GetBytes(text + file, head);
        return head;
    }
}
