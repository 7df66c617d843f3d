using HpcFit.Coordinator.Writing.Contents;
using HpcFit.Shared.Hdf5;
using HpcFit.Shared.ModelArray;

namespace HpcFit.Coordinator.Imaging.Rechunking;

/// <summary>All objects of a ModelArray file except the values of its scalars, to be copied unchanged.</summary>
internal static class OtherContents
{
    /// <summary>The contents, groups before their members.</summary>
    public static List<Content> Read(ModelArrayFile file)
    {
        using var opened = Hdf5ReadFile.Open(file.Path);
        var contents = new List<Content> { Group("/"), Group("/scalars") };
        contents.AddRange(Copied("/", name => name != "scalars"));
        foreach (var name in opened.Children("/scalars"))
        {
            var path = "/scalars/" + name;
            if (!file.Scalars.Any(scalar => scalar.Name == name && scalar.Problem is null))
            {
                contents.AddRange(Copied("/scalars/", other => other == name));
                continue;
            }
            contents.Add(Group(path));
            contents.AddRange(Copied(path + "/", other => other != "values"));
        }
        return contents;

        GroupContent Group(string path) => new(path) { AttributesFrom = file.Path };

        // A dangling link has no object to copy.
        IEnumerable<Content> Copied(string folder, Func<string, bool> wanted) =>
            opened
                .Children(folder)
                .Where(child => wanted(child) && opened.Kind(folder + child) != Hdf5NodeKind.Absent)
                .Select(child => new CopiedContent(folder + child, file.Path));
    }
}
