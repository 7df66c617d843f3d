using HpcFit.Shared.Hdf5;
using HpcFit.Shared.ModelArray;

namespace HpcFit.Coordinator.Writing.Contents;

/// <summary>An object as the verification must find it, without its values.</summary>
/// <param name="Path">Its absolute path.</param>
/// <param name="Kind">What it is.</param>
/// <param name="CopiedFrom">The file whose object of the same path it copies and whose kind it has; null: <paramref name="Kind"/> is
/// known.</param>
/// <param name="Attributes">Attributes that it was given.</param>
internal sealed record WrittenObject(string Path, Hdf5NodeKind Kind, string? CopiedFrom, IReadOnlyList<AttributeContent> Attributes)
{
    /// <summary>What a content has become when everything was written.</summary>
    public static WrittenObject From(Content content) =>
        content switch
        {
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
