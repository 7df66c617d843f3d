using HpcFit.Shared.Hdf5;
using HpcFit.Shared.ModelArray;

namespace HpcFit.Coordinator.Writing.Contents;

/// <summary>An object without its values, as the verification must find it.</summary>
/// <param name="Path">Its absolute path.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="CopiedFrom">The file from which the object of the same path was copied, which has the same kind; null: not copied,
/// <paramref name="Kind"/> is known.</param>
/// <param name="Attributes">The attributes that were written.</param>
internal sealed record WrittenObject(string Path, Hdf5NodeKind Kind, string? CopiedFrom, IReadOnlyList<AttributeContent> Attributes)
{
    /// <summary>The objects that a content becomes when everything is written, and those that it removes.</summary>
    public static IReadOnlyList<WrittenObject> From(Content content) =>
        content is RenamedContent renamed ? [One(content), Absent(renamed.From)] : [One(content)];

    private static WrittenObject Absent(string path) => new(path, Hdf5NodeKind.Absent, null, []);

    private static WrittenObject One(Content content) =>
        content switch
        {
            RemovedContent => Absent(content.Path),
            DatasetContent => new(content.Path, Hdf5NodeKind.Dataset, null, content.Attributes),
            CopiedContent copied => new(content.Path, Hdf5NodeKind.Other, copied.SourceFile, content.Attributes),
            GroupContent { IsMarked: true } => new(
                content.Path,
                Hdf5NodeKind.Group,
                null,
                [AttributeContent.Text(WriteState.Attribute, WriteState.Complete), .. content.Attributes]
            ),
            _ => new(content.Path, Hdf5NodeKind.Group, null, content.Attributes),
        };
}
