using System.Text;

namespace HpcFit.Coordinator.Imaging.Mif;

/// <summary>Writes a MRtrix header, with the samples right behind it.</summary>
internal static class MifHead
{
    private const int Alignment = 4;

    /// <summary>The bytes in front of the samples.</summary>
    /// <param name="lines">All lines but <c>file</c>, which is made here.</param>
    public static byte[] Render(IReadOnlyList<MifLine> lines)
    {
        var text = "mrtrix image\n" + string.Concat(lines.Select(line => line + "\n"));
        var offset = Encoding.UTF8.GetByteCount(text);
        // The offset's own digits are part of what it counts.
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
