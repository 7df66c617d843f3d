using System.IO.Compression;
using System.Xml;
using System.Xml.Linq;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;

namespace HpcFit.Shared.Surfaces;

/// <summary>A GIfTI file: its arrays, none of which has been decoded yet.</summary>
/// <remarks>GIfTI Surface Data Format, version 1.0 (NITRC, 2011).</remarks>
internal sealed class GiftiFile
{
    private const long MaxBytes = 1L << 30;

    private readonly XElement _root;

    private GiftiFile(string path, XElement root)
    {
        (Path, _root) = (path, root);
        Arrays = [.. root.Elements("DataArray").Select(element => new GiftiArray(path, element))];
    }

    /// <summary>The file, as the user named it.</summary>
    public string Path { get; }

    /// <summary>Its arrays in the order of the file.</summary>
    public IReadOnlyList<GiftiArray> Arrays { get; }

    /// <summary>Reads a file.</summary>
    /// <exception cref="BadInputException">It does not exist, cannot be read, or is not GIfTI of version 1.</exception>
    public static GiftiFile Read(string path)
    {
        using var handle = RegularFile.OpenRead(path, "a GIfTI surface");
        using var stream = new FileStream(handle, FileAccess.Read);
        RequireKind(path, stream);
        var root = Parse(path, stream);
        if (root.Name.LocalName != "GIFTI")
            throw new BadInputException($"'{path}' is XML of the kind '{root.Name.LocalName}'; a GIfTI surface (*.surf.gii) is expected.");
        if ((string?)root.Attribute("Version") is var version && !(version?.StartsWith('1') ?? false))
            throw new BadInputException($"'{path}' contains GIfTI of version '{version ?? "none"}'; version 1 is expected.");
        return new(path, root);
    }

    /// <summary>A value of the file's metadata; null: there is none.</summary>
    public string? Metadata(string name) => ValueOf(_root, name);

    /// <summary>A value of the metadata of an element; null: there is none.</summary>
    public static string? ValueOf(XElement owner, string name) =>
        owner
            .Elements("MetaData")
            .Elements("MD")
            .FirstOrDefault(entry => ((string?)entry.Element("Name"))?.Trim() == name)
            ?.Element("Value")
            ?.Value.Trim();

    /// <summary>Names what other files are from their first bytes, and refuses what is too large to be a surface.</summary>
    private static void RequireKind(string path, FileStream stream)
    {
        if (stream.Length > MaxBytes)
            throw new BadInputException(
                $"'{path}' has {stream.Length:N0} bytes; a surface has at most {MaxBytes:N0}. Is it the right file?"
            );
        Span<byte> head = stackalloc byte[4];
        var read = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        stream.Position = 0;
        if (read == 0)
            throw new BadInputException($"'{path}' is empty; a GIfTI surface (*.surf.gii) is expected.");
        if (head is [0xFF, 0xFF, 0xFE, ..])
            throw new BadInputException(
                $"'{path}' is a surface of FreeSurfer's own format; GIfTI is expected. Convert it with: mris_convert '{path}' "
                    + $"'{path}.surf.gii'"
            );
    }

    private static XElement Parse(string path, FileStream stream)
    {
        var isCompressed = stream.ReadByte() == 0x1F && stream.ReadByte() == 0x8B;
        stream.Position = 0;
        try
        {
            using var text = isCompressed ? new GZipStream(stream, CompressionMode.Decompress) : (Stream)stream;
            // Files name the document type of GIfTI, which is not loaded: it defines nothing that matters.
            var settings = new XmlReaderSettings
            {
                DtdProcessing = DtdProcessing.Ignore,
                XmlResolver = null,
                MaxCharactersInDocument = MaxBytes,
            };
            using var reader = XmlReader.Create(text, settings);
            return XElement.Load(reader);
        }
        catch (XmlException damage)
        {
            throw new BadInputException(
                $"'{path}' is not a GIfTI surface, or is damaged: its XML cannot be read ({damage.Message})",
                damage
            );
        }
        catch (InvalidDataException damage)
        {
            throw new BadInputException($"'{path}' is damaged: its gzip data cannot be inflated ({damage.Message})", damage);
        }
    }
}
