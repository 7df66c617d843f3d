using HpcFit.Shared.Elements;
using HpcFit.Shared.Partials;

namespace HpcFit.Shared.Tests.Partials;

/// <summary>Partial files whose every value is known: column c of element e is 1000 c + e, its code is e mod 3.</summary>
internal sealed class PartialFiles : IDisposable
{
    public const string Digest = "0123456789abcdef";
    public const int Columns = 3;
    public const long TotalElements = 10_000;

    public static BlockShape Shape => new(Columns, 0, TotalElements, TotalElements);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hpcfit-partials-");

    public static double Value(int column, long element) => (1000.0 * column) + element;

    public string Path(string name) => System.IO.Path.Combine(_folder.FullName, name);

    public string Write(string name, params (long First, int Count)[] blocks) => Write(name, Digest, Value, blocks);

    public string Write(string name, StripeDigest read, params (long First, int Count)[] blocks) =>
        Write(name, Digest, Value, read, blocks);

    public string Write(string name, string digest, Func<int, long, double> value, params (long First, int Count)[] blocks) =>
        Write(name, digest, value, default, blocks);

    private string Write(string name, string digest, Func<int, long, double> value, StripeDigest read, (long First, int Count)[] blocks)
    {
        using var writer = PartialWriter.Create(Path(name), new(digest, new(new(1), new(0), "00000000"), "host", ["a", "b", "c"]));
        foreach (var (first, count) in blocks)
        {
            var columns = new double[Columns * count];
            for (var i = 0; i < columns.Length; i++)
                columns[i] = value(i / count, first + (i % count));
            var status = Enumerable.Range(0, count).Select(e => (ElementStatus)((first + e) % 3)).ToArray();
            writer.Append(new(new(first, first + count), columns, status), read);
        }
        writer.Complete();
        return Path(name);
    }

    public static PartialScan Scan(string path) => PartialScan.Read(path, Digest, Shape, CancellationToken.None);

    public static Coverage Cover(params string[] files) =>
        Coverage.Read(files, Digest, Shape, blocksAreWhole: false, CancellationToken.None);

    /// <summary>Fails unless every value and code of the slice is the known one.</summary>
    public static void ShouldHoldKnownValues(CoveredSlice slice)
    {
        using var reader = new PartialColumns();
        var count = (int)slice.Elements.Count;
        var values = new double[count];
        for (var column = 0; column < Columns; column++)
        {
            reader.ReadColumn(slice, column, values);
            for (var e = 0; e < count; e++)
                values[e].ShouldBe(Value(column, slice.Elements.First + e));
        }
        var codes = new ElementStatus[count];
        reader.ReadStatus(slice, codes);
        for (var e = 0; e < count; e++)
            codes[e].ShouldBe((ElementStatus)((slice.Elements.First + e) % 3));
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
