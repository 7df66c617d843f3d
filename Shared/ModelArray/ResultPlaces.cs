using HpcFit.Shared.Hdf5;

namespace HpcFit.Shared.ModelArray;

/// <summary>An object of a data file that prevents writing results.</summary>
/// <param name="Path">Its path: results can neither be written below it nor replace it.</param>
/// <param name="Why">A sentence that describes it and what to do.</param>
public sealed record Obstacle(string Path, string Why);

/// <summary>
/// Checks that results can be written into groups of the data file itself, which its journal, claim and lock protect.
/// </summary>
public static class ResultPlaces
{
    /// <summary>What prevents writing results and new scalars of any name.</summary>
    internal static IReadOnlyList<Obstacle> Obstacles(Hdf5ReadFile file)
    {
        var found = new List<Obstacle>();
        foreach (var group in (string[])["/results", "/scalars"])
        {
            if (FindObstacle(file, group) is { } obstacle)
                found.Add(obstacle);
            else if (file.Kind(group) == Hdf5NodeKind.Group)
                found.AddRange(file.Children(group).Select(name => Dangling(file, $"{group}/{name}")).OfType<Obstacle>());
        }
        return found;
    }

    /// <summary>
    /// Why nothing can be written below a path; null if it is a group of the file, or does not exist. Its parent groups must exist.
    /// </summary>
    public static Obstacle? FindObstacle(Hdf5ReadFile file, string path)
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

    /// <summary>The obstacle of a dangling link, whose name cannot be reused; null if there is no such link.</summary>
    public static Obstacle? Dangling(Hdf5ReadFile file, string path)
    {
        ArgumentNullException.ThrowIfNull(file);
        return file.Kind(path) == Hdf5NodeKind.Absent && file.HasLink(path)
            ? new(path, $"'{path}' of '{file.Path}' is a link that leads nowhere. Remove it, or write into a new file with --output.")
            : null;
    }
}
