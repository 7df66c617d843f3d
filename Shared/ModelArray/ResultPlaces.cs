using HpcFit.Shared.Hdf5;

namespace HpcFit.Shared.ModelArray;

/// <summary>An object of a data file in the way of results.</summary>
/// <param name="Path">Its path: nothing is written under it, or in its place.</param>
/// <param name="Why">A sentence that says what it is and what to do.</param>
public sealed record Obstacle(string Path, string Why);

/// <summary>
/// Whether results can be written where they belong: into groups of the data file itself, which its journal, claim and lock protect.
/// </summary>
public static class ResultPlaces
{
    /// <summary>What is in the way of results and new scalars of any name.</summary>
    internal static IReadOnlyList<Obstacle> Obstacles(Hdf5ReadFile file)
    {
        var found = new List<Obstacle>();
        foreach (var group in (string[])["/results", "/scalars"])
        {
            if (OnTheWay(file, group) is { } obstacle)
                found.Add(obstacle);
            else if (file.Kind(group) == Hdf5NodeKind.Group)
                found.AddRange(file.Children(group).Select(name => Dangling(file, $"{group}/{name}")).OfType<Obstacle>());
        }
        return found;
    }

    /// <summary>
    /// Why nothing can be written under a path; null when it is a group of the file, or not there. The groups above it must be there.
    /// </summary>
    public static Obstacle? OnTheWay(Hdf5ReadFile file, string path)
    {
        ArgumentNullException.ThrowIfNull(file);
        var kind = file.Kind(path);
        if (kind == Hdf5NodeKind.Absent)
            return Dangling(file, path);
        if (file.FileOf(path) is var other && other != file.FileOf("/"))
        {
            return new(
                path,
                $"'{path}' of '{file.Path}' is an external link into another file, '{other}', and only the data file itself is written. "
                    + "Write into a new file with --output, or replace the link by a group."
            );
        }
        return kind == Hdf5NodeKind.Group
            ? null
            : new(path, $"'{path}' is a {kind}; a group was expected. Write into a new file with --output.");
    }

    /// <summary>A link that leads nowhere has a name that nothing else can take; null when there is none.</summary>
    public static Obstacle? Dangling(Hdf5ReadFile file, string path)
    {
        ArgumentNullException.ThrowIfNull(file);
        return file.Kind(path) == Hdf5NodeKind.Absent && file.HasLink(path)
            ? new(path, $"'{path}' of '{file.Path}' is a link that leads nowhere. Remove it, or write into a new file with --output.")
            : null;
    }
}
