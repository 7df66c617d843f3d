namespace HpcFit.EndToEnd.Tests.Harness;

/// <summary>A function called by its own language alone, without HpcFit, for comparison to the last bit.</summary>
internal static class FunctionAlone
{
    /// <summary>
    /// Fails the test unless the results equal those of the language alone, and are missing where there are too few subjects.
    /// </summary>
    /// <param name="run">The study.</param>
    /// <param name="results">The results.</param>
    /// <param name="command">The language's program, a script that reads (function, cohort, sources, values, out), and the
    /// function.</param>
    public static void ShouldHaveGiven(CustomRun run, ResultsTable results, params string[] command)
    {
        var study = run.Study;
        File.WriteAllText(
            study.Combine("sources"),
            Python.Run("dump_scalar.py", study.Data, "FD", study.Combine("values")).ShouldSucceed().Output
        );
        using var alone = Running.Start(
            command[0],
            [.. command[1..], study.Cohort, study.Combine("sources"), study.Combine("values"), study.Combine("alone")]
        );
        alone.Wait().ShouldSucceed();

        var expected = Doubles(File.ReadAllBytes(study.Combine("alone")));
        var width = results.Names.Count;
        (expected.Length / width).ShouldBe(results.Columns[1].Count(value => !double.IsNaN(value)));
        for (var row = 0; row < expected.Length / width; row++)
        {
            var element = (int)expected[row * width];
            for (var column = 0; column < width; column++)
            {
                var (mine, alones) = (results.Columns[column][element], expected[(row * width) + column]);
                BitConverter
                    .DoubleToInt64Bits(mine)
                    .ShouldBe(
                        BitConverter.DoubleToInt64Bits(alones),
                        $"{results.Names[column]} of element {element}: {mine:R} and {alones:R}"
                    );
            }
        }
    }

    private static double[] Doubles(byte[] bytes)
    {
        var values = new double[bytes.Length / sizeof(double)];
        Buffer.BlockCopy(bytes, 0, values, 0, bytes.Length);
        return values;
    }
}
