using HpcFit.Coordinator.Writing.Contents;
using HpcFit.Shared.Claims;
using HpcFit.Shared.Elements;
using HpcFit.Shared.ModelArray;
using HpcFit.Shared.Specs;
using HpcFit.Shared.Specs.Documents;
using HpcFit.Shared.Specs.Layouts;

namespace HpcFit.Coordinator.Merging;

/// <summary>
/// The results of a run as contents of an HDF5 file, in the layout of ModelArray and ModelArrayIO: docs/formats/results.md.
/// </summary>
internal static class AnalysisContents
{
    private const long ValuesPerChunk = ResultDatasets.ValuesPerChunk;
    private const uint GzipLevel = ResultDatasets.GzipLevel;

    /// <summary>HDF5 limits an attribute with its name, type and shape to 65,535 bytes.</summary>
    private const int LongestAttribute = 60_000;

    /// <summary>All contents of a run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="analysis">The name under <c>/results</c>.</param>
    /// <param name="results">The merged results; read while the contents are written.</param>
    /// <param name="record">What is stored about the fit: attributes of the analysis or, where HDF5's limit of an attribute is exceeded,
    /// datasets of the same names.</param>
    /// <param name="read">Reads the metadata of a data file; called only if a new scalar is written, whose layout is that of the scalar
    /// from which it was computed.</param>
    public static IReadOnlyList<Content> Create(
        RunDocument run,
        string analysis,
        MergedColumns results,
        IReadOnlyList<AttributeContent> record,
        Func<string, ModelArrayFile> read
    )
    {
        var group = "/results/" + analysis;
        var contents = new List<Content>
        {
            new GroupContent(group) { IsMarked = true, Attributes = [.. record.Where(fact => fact.Bytes.Length <= LongestAttribute)] },
            Matrix(group + "/results_matrix", results),
            DatasetContent.Texts(group + "/column_names", [.. run.Layout.Columns.Select(column => column.Name)]),
            Status(group + "/element_status", results),
        };
        contents.AddRange(
            record
                .Where(fact => fact.Bytes.Length > LongestAttribute)
                .Select(fact =>
                    DatasetContent.Held($"{group}/{fact.Name}", fact.Type, fact.Shape.Count == 0 ? [1] : fact.Shape, fact.Bytes)
                )
        );
        var hasTails = run.Spec.Model.Permutation?.Tail is not null;
        if (results.Maximum is { } maximum)
            contents.Add(NullMaximaDataset.Create(group, maximum, hasTails));
        if (results.Enhanced is { } enhanced)
            contents.Add(NullMaximaDataset.Create(group, enhanced, run, hasTails));
        contents.AddRange(run.Layout.Fixed.Select(numbers => DatasetContent.Numbers($"{group}/{numbers.Name}", numbers.Values)));
        for (var i = 0; i < run.Layout.Blocks.Count; i++)
        {
            var (block, tiles) = (run.Layout.Blocks[i], results.Block(i));
            if (block.Destination == BlockDestination.Analysis)
                contents.Add(OfAnalysis($"{group}/{block.Name}", tiles));
            else
                contents.AddRange(NewScalar(block, tiles, ScalarLike(run.Spec.Data, block.LikeScalar!, read), run.Digest));
        }
        return contents;
    }

    private static ScalarMatrix ScalarLike(IEnumerable<DataSource> data, string name, Func<string, ModelArrayFile> read)
    {
        var files = data.Select(source => UndoJournal.ReadBetweenWrites(source.Path, UndoJournal.Patience, () => read(source.Path)))
            .ToList();
        return (files.Find(file => file.Scalars.Any(scalar => scalar.Name == name)) ?? files[0]).Scalar(name);
    }

    private static DatasetContent Matrix(string path, MergedColumns results)
    {
        var held = new HeldColumn(results);
        return ResultDatasets.Matrix(path, results.Columns, results.Rows, column => held[column]);
    }

    private static DatasetContent Status(string path, MergedColumns results) =>
        ResultDatasets.Status(
            path,
            results.Rows,
            () =>
            {
                var all = new ElementStatus[results.Rows];
                results.ReadStatus(all);
                return all;
            }
        );

    /// <summary>
    /// A block of columns that is stored outside the matrix. A chunk contains all columns of some elements, because curves are read as a
    /// whole.
    /// </summary>
    private static DatasetContent OfAnalysis(string path, IResultTiles tiles)
    {
        var columns = Math.Min(tiles.Columns, ValuesPerChunk);
        return new(path)
        {
            Type = ElementType.Float64,
            Shape = [tiles.Columns, tiles.Rows],
            Chunk = [columns, Math.Clamp(ValuesPerChunk / columns, 1, Math.Max(1, tiles.Rows))],
            Filters = DatasetContent.ShuffleGzip(GzipLevel),
            Source = TileSource.Doubles(tiles),
        };
    }

    /// <summary>A new scalar, with the type, chunks and filters of the scalar from which it was computed.</summary>
    private static IEnumerable<Content> NewScalar(ColumnBlock block, IResultTiles tiles, ScalarMatrix like, string run)
    {
        var group = "/scalars/" + block.Name;
        yield return new GroupContent(group) { Attributes = [AttributeContent.Text(AnalysisMetadata.RunAttribute, run)] };
        yield return new DatasetContent(group + "/values")
        {
            Type = like.Type.IsSingle ? ElementType.Float32 : ElementType.Float64,
            Shape = [tiles.Columns, tiles.Rows],
            Chunk = [.. ChunkOf(like, tiles)],
            Filters = like.Layout.HasPlainFilters ? like.Layout.Filters : DatasetContent.ShuffleGzip(GzipLevel),
            Source = like.Type.IsSingle ? TileSource.Singles(tiles) : TileSource.Doubles(tiles),
        };
        yield return DatasetContent.Texts(group + "/column_names", block.Sources ?? like.SourceNames);
    }

    private static long[] ChunkOf(ScalarMatrix like, IResultTiles tiles) =>
        like.Layout.Chunk.Count == 0
            ? []
            : [Math.Clamp(like.ChunkSubjects, 1, tiles.Columns), Math.Clamp(like.ChunkElements, 1, Math.Max(1, tiles.Rows))];

    /// <summary>The column from which the last region was copied.</summary>
    private sealed class HeldColumn(MergedColumns results)
    {
        private readonly Lazy<double[]> _values = new(() => new double[results.Rows]);
        private int _column = -1;

        public ReadOnlySpan<double> this[int column]
        {
            get
            {
                if (_column != column)
                    results.ReadColumn(column, _values.Value);
                _column = column;
                return _values.Value;
            }
        }
    }
}
