using HpcFit.Benchmarks.Data;
using HpcFit.Benchmarks.Report;
using HpcFit.Shared.Cohort;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Specs;
using HpcFit.Shared.Stripes;
using HpcFit.Worker.Kernels;
using HpcFit.Worker.Models;
using HpcFit.Worker.Permutation;

namespace HpcFit.Benchmarks.Permutation;

/// <summary>
/// The shuffle kernel on one thread and in memory, beside the limit of any matrix product: its products alone, and with the statistics,
/// counts and maxima of the same model as in <see cref="ShuffleTimes"/>.
/// </summary>
/// <param name="options">The options of the benchmark.</param>
/// <param name="limit">The limit, from <see cref="ProductLimit"/>.</param>
internal sealed class KernelTimes(BenchOptions options, double limit)
{
    private const int Elements = 1_024;

    /// <summary>Panels of a pass: 60 columns of 15 shuffles.</summary>
    private const int Panels = 8;

    private readonly int _shuffles = options.Quick ? 256 : 1_024;

    /// <summary>Measures, and describes what was measured.</summary>
    public IReadOnlyList<string> Measure()
    {
        var table = new MarkdownTable("one thread, in memory", "GFLOP/s of the products", "of the limit", "goal");
        Add("matrix products of the shuffle kernel", Products(), "60 %");
        Add("with packing, statistics, counts and maxima of three tests", Tests(), "");
        return [$"{options.Subjects:N0} subjects, {Elements:N0} elements, the same model and limit.", table.ToString()];

        void Add(string what, double rate, string goal) => table.Add(what, $"{rate / 1e9:F1}", $"{rate / limit:P0}", goal);
    }

    /// <summary>Operations per second of the products.</summary>
    private double Products()
    {
        var normals = new Normals(4);
        double[] residuals = [.. Enumerable.Range(0, options.Subjects * TileKernel.Width).Select(_ => normals.Next())];
        double[] panels = [.. Enumerable.Range(0, options.Subjects * Panels * ProductKernel.Panel).Select(_ => normals.Next())];
        var sums = new double[Panels * ProductKernel.Panel * TileKernel.Width];
        var kernel = ProductKernel.Create(KernelChoice.Auto);
        var seconds = Repeated.ProcessorSeconds(() =>
        {
            for (var tile = 0; tile < Elements / TileKernel.Width; tile++)
                kernel.Multiply(residuals, panels, options.Subjects, sums);
        });
        return 2.0 * Elements * options.Subjects * Panels * ProductKernel.Panel / seconds;
    }

    /// <summary>The same while everything else is computed that a shuffle needs.</summary>
    private double Tests()
    {
        var engine = PermutationEngine.Create(Model(), Cohort(), ["y"], "y", KernelChoice.Auto);
        var normals = new Normals(5);
        double[] values = [.. Enumerable.Range(0, options.Subjects * Elements).Select(_ => normals.Next())];
        var scalar = new ScalarValues(0, Elements, default, values, Elements);
        var block = new ScalarBlock(
            new[] { scalar },
            [
                [.. Enumerable.Range(0, options.Subjects)],
            ]
        );
        var passes = new DesignPasses(engine.Linear, engine.All);
        var tests = new ExtremesAndCounts(engine.Columns.Extremes);
        tests.Start(passes.Start(block, Enumerable.Repeat(ElementStatus.Fitted, Elements).ToArray()));
        var seconds = Repeated.ProcessorSeconds(() => passes.Run(new(0, _shuffles), tests));
        return 2.0 * Elements * options.Subjects * ShuffleTimes.Products * _shuffles / seconds;
    }

    private ModelSpec Model() =>
        new()
        {
            Engine = "lm",
            Formula = "y ~ Age * sex + motion",
            NumSubjLthrAbs = 2,
            NumSubjLthrRel = 0,
            Hypotheses = new()
            {
                Contrasts = [.. ShuffleTimes.Contrasts.Select(text => ContrastSpec.Parse(text, "--contrast"))],
                FTests = [ShuffleTimes.FTest],
            },
            Permutation = new() { Count = _shuffles },
        };

    private CohortTable Cohort()
    {
        var file = Path.Combine(options.Folder, $"cohort-{options.Subjects}.csv");
        Directory.CreateDirectory(options.Folder);
        new CohortRows(options.Subjects).Write(file);
        return CohortTable.Read(file);
    }
}
