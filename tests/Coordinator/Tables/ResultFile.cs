using HpcFit.Coordinator.Tables;
using HpcFit.Coordinator.Tests.Writing;
using HpcFit.Coordinator.Writing;
using HpcFit.Coordinator.Writing.Contents;
using HpcFit.Shared.Surfaces;

namespace HpcFit.Coordinator.Tests.Tables;

/// <summary>A file with one analysis <c>lm</c> and other datasets, in its own folder.</summary>
internal sealed class ResultFile : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hpcfit-tables-").FullName;

    /// <param name="columns">The columns of the results matrix.</param>
    /// <param name="others">Further contents of the file.</param>
    public ResultFile((string Name, double[] Values)[] columns, params IEnumerable<Content> others)
    {
        var rows = columns[0].Values.Length;
        var matrix = WrittenFile.Bytes([.. columns.SelectMany(column => column.Values)]);
        Hdf5Write.Run(
            new()
            {
                File = Path,
                NewFile = true,
                Contents =
                [
                    .. others.OfType<GroupContent>(),
                    DatasetContent.Held("/results/lm/results_matrix", ElementType.Float64, [columns.Length, rows], matrix),
                    DatasetContent.Texts("/results/lm/column_names", [.. columns.Select(column => column.Name)]),
                    .. others.Where(content => content is not GroupContent),
                ],
            },
            default
        );
    }

    public string Path => System.IO.Path.Combine(_folder, "results.h5");

    public string Combine(string name) => System.IO.Path.Combine(_folder, name);

    public ResultTable Open(StructureSurfaces? surfaces = null) => ResultTable.Open(Path, "lm", allowsExternal: false, surfaces);

    /// <summary>The record of permutation tests, each with its side.</summary>
    public static Content Sides(params (string Test, string Side)[] tests) =>
        new GroupContent("/results/lm")
        {
            Attributes =
            [
                AttributeContent.Texts("hpcfit_permuted_tests", [.. tests.Select(one => one.Test)]),
                AttributeContent.Texts("hpcfit_sides", [.. tests.Select(one => one.Side)]),
            ],
        };

    /// <summary>The statuses of the elements.</summary>
    public static Content Statuses(params short[] codes) =>
        DatasetContent.Held("/results/lm/element_status", ElementType.Int16, [codes.Length], WrittenFile.Bytes(codes));

    /// <summary>The values of a column of numbers.</summary>
    public static double[] Values(ResultTable table, string name)
    {
        var values = new double[table.Rows];
        ((NumberColumn)table.Find(name)).Read(0, values);
        return values;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
