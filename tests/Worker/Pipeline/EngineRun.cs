using System.Runtime.CompilerServices;
using HpcFit.Shared.Elements;
using HpcFit.Shared.ModelArray;
using HpcFit.Shared.Specs.Layouts;
using HpcFit.Shared.Stripes;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.Tests.Pipeline;

/// <summary>A model engine's results for the elements of a file, fitted in-process block by block.</summary>
internal sealed class EngineRun
{
    private readonly Dictionary<string, int> _columns;
    private readonly ResultLayout _layout;
    private readonly double[][] _values;

    private EngineRun(IModelEngine engine, long elements)
    {
        _columns = engine
            .Layout.PartialColumns.Select((name, column) => (name, column))
            .ToDictionary(pair => pair.name, pair => pair.column);
        _layout = engine.Layout;
        _values = [.. Enumerable.Range(0, _layout.PartialWidth).Select(_ => new double[elements])];
        Status = new ElementStatus[elements];
    }

    /// <summary>By element.</summary>
    public ElementStatus[] Status { get; }

    /// <summary>A partial column, by element.</summary>
    public double[] this[string column] => _values[_columns[column]];

    /// <summary>A column of a block, by element.</summary>
    public double[] Block(int block, int row) => _values[_layout.FirstColumnOf(block) + row];

    /// <summary>Every bit of every column, to compare runs.</summary>
    public IEnumerable<long> Bits => _values.SelectMany(column => column.Select(BitConverter.DoubleToInt64Bits));

    /// <summary>Fits every element of a file with one fitter.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="path">The ModelArray file.</param>
    /// <param name="blocks">The widths of the blocks, in turn.</param>
    public static EngineRun Over(IModelEngine engine, string path, params int[] blocks) => Over(engine, path, null, blocks);

    /// <summary>The same, skipping blocks without requested elements.</summary>
    public static EngineRun Over(IModelEngine engine, string path, IReadOnlySet<long>? wanted, params int[] blocks)
    {
        var file = ModelArrayFile.Open(path);
        var scalars = engine.Scalars.Select(file.Scalar).ToList();
        var sources = scalars.Select(scalar => StripeSource.Open(file, scalar)).ToList();
        var readers = sources.Select(source => source.CreateReader()).ToList();
        var rows = scalars.Select(scalar => RowsOf(scalar, scalars[0])).ToArray();
        var run = new EngineRun(engine, scalars[0].Elements);
        using var fitter = engine.CreateFitter();
        for (var (first, next) = (0L, 0); first < scalars[0].Elements; next++)
        {
            var range = new ElementRange(first, Math.Min(scalars[0].Elements, first + blocks[next % blocks.Length]));
            first = range.End;
            if (wanted is not null && !wanted.Any(element => element >= range.First && element < range.End))
                continue;
            run.Fit(fitter, new(readers.Select(reader => reader.Read(range)).ToArray(), rows));
        }
        readers.ForEach(reader => reader.Dispose());
        sources.ForEach(source => source.Dispose());
        return run;
    }

    /// <summary>A file of tests/Data/oracle/data.</summary>
    public static string OracleFile(string relative, [CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "Data", "oracle", relative));

    private void Fit(IBlockFitter fitter, ScalarBlock block)
    {
        var columns = new double[_values.Length * block.Count];
        Array.Fill(columns, -12345.678); // values that a fitter does not write are detected
        fitter.Fit(
            block,
            new(new(block.FirstElement, block.FirstElement + block.Count), columns, Status.AsMemory((int)block.FirstElement, block.Count))
        );
        for (var c = 0; c < _values.Length; c++)
            columns.AsSpan(c * block.Count, block.Count).CopyTo(_values[c].AsSpan((int)block.FirstElement));
    }

    private static int[] RowsOf(ScalarMatrix scalar, ScalarMatrix response)
    {
        var rowOfSource = scalar.SourceNames.Select((name, row) => (name, row)).ToDictionary(pair => pair.name, pair => pair.row);
        return [.. response.SourceNames.Select(name => rowOfSource[name])];
    }
}
