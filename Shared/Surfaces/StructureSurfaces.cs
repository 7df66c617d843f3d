using HpcFit.Shared.Failures;

namespace HpcFit.Shared.Surfaces;

/// <summary>The surfaces of brain structures, by the names of the structures in CIFTI files (<c>CIFTI_STRUCTURE_CORTEX_LEFT</c>).</summary>
public sealed class StructureSurfaces
{
    /// <summary>The option that names the files, for messages.</summary>
    public const string Option = "--surface";

    /// <summary>How the option is written.</summary>
    public const string Placeholder = "L=FILE,R=FILE";

    private const string Prefix = "CIFTI_STRUCTURE_";

    private static readonly Dictionary<string, string> StructureOfSide = new(StringComparer.OrdinalIgnoreCase)
    {
        ["L"] = Prefix + "CORTEX_LEFT",
        ["R"] = Prefix + "CORTEX_RIGHT",
    };

    private readonly IReadOnlyDictionary<string, Surface> _surfaces;

    private StructureSurfaces(IReadOnlyDictionary<string, Surface> surfaces) => _surfaces = surfaces;

    /// <summary>No surfaces.</summary>
    public static StructureSurfaces None { get; } = new(new Dictionary<string, Surface>());

    /// <summary>The structures that have a surface, left before right.</summary>
    public IEnumerable<string> Structures => _surfaces.Keys.Order(StringComparer.Ordinal);

    /// <summary>The surface of a structure; null: there is none.</summary>
    public Surface? TryFind(string structure) => _surfaces.GetValueOrDefault(structure);

    /// <summary>Separates the value of the option into structures and files.</summary>
    /// <param name="text"><c>L=left.surf.gii,R=right.surf.gii</c>, or one of them; null: none.</param>
    /// <exception cref="UsageException">It has another form, or names a side twice.</exception>
    public static IReadOnlyDictionary<string, string> Parse(string? text)
    {
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        if (text is null)
            return files;
        foreach (var part in Parts(text))
        {
            if (part.Split('=', 2) is not [var side, { Length: > 0 } file] || !StructureOfSide.TryGetValue(side.Trim(), out var structure))
                throw new UsageException($"{Option} '{text}' has the part '{part}'; {Placeholder} is expected, or one of the two.");
            if (!files.TryAdd(structure, file))
                throw new UsageException($"{Option} '{text}' names two files for {side.Trim().ToUpperInvariant()}; one is expected.");
        }
        return files;
    }

    /// <summary>Reads the files.</summary>
    /// <param name="files">Structures and files, as <see cref="Parse"/> returns them.</param>
    /// <exception cref="BadInputException">A file is no surface, or one of another structure.</exception>
    public static StructureSurfaces Read(IReadOnlyDictionary<string, string> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        var surfaces = new Dictionary<string, Surface>(StringComparer.Ordinal);
        foreach (var (structure, file) in files)
        {
            var surface = surfaces[structure] = Surface.Read(file);
            if (surface.Structure is { } named && IsOther(named, structure))
                throw new BadInputException(
                    $"'{file}' is a surface of {named}, and was given for {structure}. Give left and right as {Option} {Placeholder}."
                );
        }
        return new(surfaces);
    }

    /// <summary>Surfaces by the names of their structures.</summary>
    public static StructureSurfaces Create(params ReadOnlySpan<(string Structure, Surface Surface)> surfaces) =>
        new(surfaces.ToArray().ToDictionary(one => one.Structure, one => one.Surface));

    /// <summary>Whether a GIfTI name (<c>CortexLeft</c>) means another structure. Other names prove nothing.</summary>
    private static bool IsOther(string named, string structure)
    {
        var letters = Letters(named);
        return StructureOfSide.Values.Any(known => Letters(known[Prefix.Length..]) == letters)
            && Letters(structure[Prefix.Length..]) != letters;
    }

    private static string Letters(string name) => string.Concat(name.Where(char.IsLetter)).ToUpperInvariant();

    /// <summary>Commas separate sides; a comma that is not followed by a side belongs to a file name.</summary>
    private static List<string> Parts(string text)
    {
        var parts = new List<string>();
        foreach (var piece in text.Split(','))
        {
            if (
                parts.Count > 0
                && !StructureOfSide.Keys.Any(side => piece.TrimStart().StartsWith(side + "=", StringComparison.OrdinalIgnoreCase))
            )
                parts[^1] += "," + piece;
            else
                parts.Add(piece);
        }
        return parts;
    }
}
