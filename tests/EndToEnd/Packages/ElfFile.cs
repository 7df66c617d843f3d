using System.Buffers.Binary;
using System.Text;

namespace HpcFit.EndToEnd.Tests.Packages;

/// <summary>What a 64-bit little-endian ELF file needs from the system: libraries, and versions of their symbols.</summary>
/// <param name="Machine">The processor: 62 is x86-64, 183 is AArch64.</param>
/// <param name="Libraries">The sonames that it needs.</param>
/// <param name="Versions">The symbol versions that it needs, such as <c>GLIBC_2.27</c>.</param>
internal sealed record ElfFile(int Machine, IReadOnlyList<string> Libraries, IReadOnlyList<string> Versions)
{
    private const uint Dynamic = 6;
    private const uint NeededVersions = 0x6FFFFFFE;

    /// <summary>Reads a file.</summary>
    /// <returns>Null: it is not an ELF file.</returns>
    public static ElfFile? TryRead(string path)
    {
        var bytes = File.ReadAllBytes(path);
        if (!bytes.AsSpan().StartsWith("\u007fELF"u8))
            return null;
        var sections = Sections(bytes);
        return new(
            Short(bytes, 18),
            [.. sections.Where(section => section.Type == Dynamic).SelectMany(section => NeededLibraries(bytes, section, sections))],
            [.. sections.Where(section => section.Type == NeededVersions).SelectMany(section => VersionNames(bytes, section, sections))]
        );
    }

    private static List<Section> Sections(byte[] bytes)
    {
        var (start, size, count) = ((int)Long(bytes, 40), Short(bytes, 58), Short(bytes, 60));
        return
        [
            .. Enumerable
                .Range(0, count)
                .Select(index => start + index * size)
                .Select(at => new Section(
                    Int(bytes, at + 4),
                    (int)Long(bytes, at + 24),
                    (int)Long(bytes, at + 32),
                    (int)Int(bytes, at + 40)
                )),
        ];
    }

    /// <summary>Entries of two words, tag and value; tag 1 is a needed library.</summary>
    private static IEnumerable<string> NeededLibraries(byte[] bytes, Section section, List<Section> sections)
    {
        for (var at = section.Offset; at < section.Offset + section.Size; at += 16)
            if (Long(bytes, at) == 1)
                yield return Text(bytes, sections[section.Strings], Long(bytes, at + 8));
    }

    /// <summary>One entry per library, each with a chain of the versions that are needed of it.</summary>
    private static IEnumerable<string> VersionNames(byte[] bytes, Section section, List<Section> sections)
    {
        uint next;
        for (var library = section.Offset; ; library += (int)next)
        {
            var version = library + (int)Int(bytes, library + 8);
            for (var left = Short(bytes, library + 2); left > 0; left--)
            {
                yield return Text(bytes, sections[section.Strings], Int(bytes, version + 8));
                version += (int)Int(bytes, version + 12);
            }
            next = Int(bytes, library + 12);
            if (next == 0)
                yield break;
        }
    }

    private static string Text(byte[] bytes, Section strings, long offset)
    {
        var text = bytes.AsSpan(strings.Offset + (int)offset);
        return Encoding.ASCII.GetString(text[..text.IndexOf((byte)0)]);
    }

    private static int Short(byte[] bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at));

    private static uint Int(byte[] bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at));

    private static long Long(byte[] bytes, int at) => BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(at));

    /// <summary>A section: its type, its bytes, and the section of its strings.</summary>
    private sealed record Section(uint Type, int Offset, int Size, int Strings);
}
