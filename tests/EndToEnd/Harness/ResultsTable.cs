using System.Text.Json;

namespace HpcFit.EndToEnd.Tests.Harness;

/// <summary>An analysis as read back by h5py: column names and one array of doubles per column.</summary>
internal sealed record ResultsTable(IReadOnlyList<string> Names, double[][] Columns)
{
    public int Rows => Columns.Length == 0 ? 0 : Columns[0].Length;

    public double[] this[string name] => Columns[Names.ToList().IndexOf(name)];

    public static ResultsTable Read(string file, string analysis)
    {
        using var folder = new TemporaryFolder();
        var raw = folder.Combine("values");
        var answer = Python.Run("read_results.py", file, analysis, raw).ShouldSucceed();
        var names = JsonSerializer.Deserialize<string[]>(answer.Output)!;
        var bytes = File.ReadAllBytes(raw);
        var rows = bytes.Length / sizeof(double) / names.Length;
        var columns = names.Select(
            (_, column) =>
            {
                var values = new double[rows];
                Buffer.BlockCopy(bytes, column * rows * sizeof(double), values, 0, rows * sizeof(double));
                return values;
            }
        );
        return new(names, [.. columns]);
    }

    /// <summary>Fails the test unless both hold the same columns with the same bits; NaN equals NaN whatever its payload.</summary>
    public void ShouldHaveTheSameBitsAs(ResultsTable other)
    {
        Names.ShouldBe(other.Names);
        Rows.ShouldBe(other.Rows);
        for (var column = 0; column < Columns.Length; column++)
        {
            for (var row = 0; row < Rows; row++)
            {
                var (mine, theirs) = (Columns[column][row], other.Columns[column][row]);
                if (double.IsNaN(mine) && double.IsNaN(theirs))
                    continue;
                BitConverter
                    .DoubleToInt64Bits(mine)
                    .ShouldBe(BitConverter.DoubleToInt64Bits(theirs), $"{Names[column]}, row {row}: {mine:R} and {theirs:R}");
            }
        }
    }
}
