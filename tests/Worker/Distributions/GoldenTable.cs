using System.Globalization;
using System.Runtime.CompilerServices;

namespace HpcFit.Worker.Tests.Distributions;

/// <summary>The golden tables of these tests, written by golden/*.R and golden/*.py, which document their command.</summary>
internal static class GoldenTable
{
    /// <summary>The rows of a table without its header: a name and numbers.</summary>
    public static IEnumerable<(string Name, double[] Numbers)> Rows(string file, [CallerFilePath] string here = "") =>
        File.ReadLines(Path.Combine(Path.GetDirectoryName(here)!, "golden", file))
            .Skip(1)
            .Select(line => line.Split(','))
            .Select(cells => (cells[0], cells[1..].Select(cell => double.Parse(cell, CultureInfo.InvariantCulture)).ToArray()));
}
