using HpcFit.Shared.Failures;
using HpcFit.Shared.Imaging.Images;

namespace HpcFit.Worker.Enhancing.Connectivity;

/// <summary>
/// Which fixels are connected by streamlines, and how strongly: the folder that MRtrix's fixelconnectivity writes. Mapped, immutable and
/// shared by all threads. Every number has been checked.
/// </summary>
internal sealed unsafe class ConnectivityMatrix : IDisposable
{
    private readonly ConnectivityIndex _index;
    private readonly MappedVector<uint> _fixels;
    private readonly MappedVector<float> _values;

    private ConnectivityMatrix(ConnectivityIndex index, MappedVector<uint> fixels, MappedVector<float> values)
    {
        (_index, _fixels, _values) = (index, fixels, values);
        IsolatedFixels = index.Counts.Count(count => count == 0);
    }

    /// <summary>The folder, as given.</summary>
    public string Folder => Path.GetDirectoryName(_index.Path)!;

    /// <summary>The number of fixels.</summary>
    public int Fixels => _index.Counts.Length;

    /// <summary>The number of connections, each of which is counted in both directions.</summary>
    public long Connections => _fixels.Header.Count;

    /// <summary>The number of fixels without connections, which are never enhanced.</summary>
    public int IsolatedFixels { get; }

    /// <summary>Opens and checks a folder.</summary>
    /// <param name="folder">It contains <c>index.mif</c>, <c>fixels.mif</c> and <c>values.mif</c>.</param>
    /// <param name="fixels">The number of fixels that it must have.</param>
    /// <exception cref="BadInputException">A file is missing or damaged, or belongs to other fixels.</exception>
    public static ConnectivityMatrix Open(string folder, int fixels)
    {
        if (!Directory.Exists(folder))
            throw new BadInputException(
                $"There is no folder '{folder}'. The folder that MRtrix's fixelconnectivity writes is expected, with index.mif, "
                    + "fixels.mif and values.mif."
            );
        var index = ConnectivityIndex.Read(Path.Combine(folder, "index.mif"));
        if (index.Counts.Length != fixels)
            throw new BadInputException(
                $"'{index.Path}' is the index of {index.Counts.Length:N0} fixels; the data have {fixels:N0}. Give the connectivity of the "
                    + "template whose fixels were converted."
            );
        var others = MappedVector<uint>.Open(Path.Combine(folder, "fixels.mif"), SampleType.UInt32);
        try
        {
            var values = MappedVector<float>.Open(Path.Combine(folder, "values.mif"), SampleType.Float32);
            var matrix = new ConnectivityMatrix(index, others, values);
            try
            {
                index.Check(others.Header, values.Header);
                matrix.CheckRows();
                return matrix;
            }
            catch
            {
                values.Dispose();
                throw;
            }
        }
        catch
        {
            others.Dispose();
            throw;
        }
    }

    /// <summary>The connections of a fixel.</summary>
    public ConnectivityRow Row(int fixel) =>
        new(_fixels.First + _index.Offsets[fixel], _values.First + _index.Offsets[fixel], _index.Counts[fixel]);

    /// <inheritdoc/>
    public void Dispose()
    {
        _fixels.Dispose();
        _values.Dispose();
    }

    private void CheckRows()
    {
        for (var fixel = 0; fixel < Fixels; fixel++)
        {
            var row = Row(fixel);
            var previous = -1L;
            for (var at = 0; at < row.Count; at++)
            {
                var (other, value) = (row.Fixels[at], row.Values[at]);
                if (other <= previous || other >= Fixels)
                    throw Damaged(_fixels.Header.Path, fixel, at, $"{other}", $"a fixel from {previous + 1} to {Fixels - 1}, ascending");
                if (!(value >= 0 && value <= LargestValue))
                    throw Damaged(_values.Header.Path, fixel, at, $"{value:G9}", "a fraction of the fixel's streamlines, 0 to 1");
                previous = other;
            }
        }
    }

    /// <summary>1, and the rounding errors of a quotient of counts.</summary>
    private const float LargestValue = 1.00001f;

    private static BadInputException Damaged(string path, int fixel, int at, string found, string expected) =>
        new(
            $"'{path}' is damaged, or is not of the same folder as index.mif: connection {at} of fixel {fixel} is {found}; {expected}, is "
                + "expected. Run fixelconnectivity again."
        );
}
