using System.Runtime.CompilerServices;
using HpcFit.Shared.Cohort;
using HpcFit.Shared.Elements;
using HpcFit.Shared.Specs;
using HpcFit.Shared.Stripes;
using HpcFit.Worker.Gam.Engine;
using HpcFit.Worker.Gam.Rows;
using HpcFit.Worker.Kernels;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.Tests.Gam.Engine;

/// <summary>The block fitter on simulated elements: invariances of its numbers, and no allocation per element.</summary>
public sealed class GamFitterTests
{
    private const int Subjects = 60;
    private const int Elements = 40;

    private static readonly double[] Age = [.. Enumerable.Range(0, Subjects).Select(i => 8 + (14 * Noise(i, 1001)))];
    private static readonly double[] Motion = [.. Enumerable.Range(0, Subjects).Select(i => 0.05 + Noise(i, 1002))];
    private static readonly string[] Sex = [.. Enumerable.Range(0, Subjects).Select(i => Noise(i, 1003) < 0.5 ? "M" : "F")];

    public static TheoryData<string, string> Models()
    {
        var models = new TheoryData<string, string>();
        foreach (var formula in (string[])["y ~ s(Age, k=6) + sex", "y ~ s(Age, k=5) + s(Motion, k=5) + sex", "y ~ te(Age, Motion, k=4)"])
        foreach (var method in (string[])["REML", "GCV.Cp"])
            models.Add(formula, method);
        // Absorbed, also where a subject is missing.
        models.Add("y ~ s(Age, k=6) + sex + s(id, bs=\"re\")", "REML");
        models.Add("y ~ s(Age, k=6) + s(Motion, k=5) + s(id, bs=\"re\")", "ML");
        return models;
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Results_are_equivariant_under_shift_and_scale_of_the_response(string formula, string method)
    {
        const double shift = -7,
            factor = 50;
        var (names, values) = Fit(formula, method, Response);
        var (_, moved) = Fit(formula, method, (i, e) => shift + (factor * Response(i, e)));
        for (var c = 0; c < names.Count; c++)
        {
            if (
                names[c]
                is "Intercept.statistic"
                    or "Intercept.p.value"
                    or "model.sp.criterion"
                    or "model.logLik"
                    or "model.AIC"
                    or "model.BIC"
            )
                continue;
            var (scaled, shifted) = (
                Power(names[c]) switch
                {
                    1 => factor,
                    2 => factor * factor,
                    _ => 1.0,
                },
                names[c] == "Intercept.estimate" ? shift : 0
            );
            for (var e = 0; e < Elements; e++)
                Near(moved[c, e], shifted + (scaled * values[c, e]), $"{names[c]} of element {e}");
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Permuting_the_subjects_moves_nothing(string formula, string method)
    {
        int[] order = [.. Enumerable.Range(0, Subjects).OrderBy(i => Noise(i, 1004))];
        var (names, values) = Fit(formula, method, Response);
        var (_, permuted) = Fit(formula, method, (i, e) => Response(order[i], e), order);
        for (var c = 0; c < names.Count; c++)
        for (var e = 0; e < Elements; e++)
            Near(permuted[c, e], values[c, e], $"{names[c]} of element {e}");
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Fitting_allocates_nothing_per_element(string formula, string method)
    {
        var engine = Engine(formula, method);
        using var fitter = engine.CreateFitter();
        // One pattern of missing subjects besides the whole cohort: both models stay cached.
        var block = Block((i, e) => e % 4 == 0 && i is 3 or 17 ? double.NaN : Response(i, e));
        var results = Results(engine);
        fitter.Fit(block, results);
        results.Status.ToArray().ShouldAllBe(status => status == ElementStatus.Fitted);
        var before = GC.GetAllocatedBytesForCurrentThread();
        fitter.Fit(block, results);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void A_cache_of_one_model_gives_the_same_bits(string formula, string method)
    {
        static double WithGaps(int i, int e) => i == e % 3 || i == 20 + (e % 2) ? double.NaN : Response(i, e);
        var (_, roomy) = Fit(formula, method, WithGaps);
        var (_, tight) = Fit(formula, method, WithGaps, cacheBytes: 0);
        roomy.Cast<double>().Select(BitConverter.DoubleToInt64Bits).ShouldBe(tight.Cast<double>().Select(BitConverter.DoubleToInt64Bits));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Bits_do_not_depend_on_tiles(string formula, string method)
    {
        static double WithGaps(int i, int e) => e % 5 == 0 && i == 3 ? double.NaN : Response(i, e);
        var (_, tiles) = Fit(formula, method, WithGaps);
        foreach (var kernel in (KernelChoice[])[KernelChoice.Scalar, KernelChoice.Reference])
        {
            var (_, others) = Fit(formula, method, WithGaps, kernel: kernel);
            others
                .Cast<double>()
                .Select(BitConverter.DoubleToInt64Bits)
                .ShouldBe(tiles.Cast<double>().Select(BitConverter.DoubleToInt64Bits));
        }
    }

    /// <summary>
    /// From mgcv (golden/smooths-cohort.csv, converged to 1e-12): partial R² as ModelArray computes it, from the two models' unweighted
    /// residuals.
    /// </summary>
    [Theory]
    [InlineData("u", "REML", 0.5931315157, 0.0841230929, 0.5058916470)]
    [InlineData("u", "GCV.Cp", 0.5918141998, 0.0830937137, 0.5052955752)]
    [InlineData("w0", "REML", 0.5923056515, 0.0854513327, 0.5275094754)]
    [InlineData("w0", "GCV.Cp", 0.5910126206, 0.0857234021, 0.5267845293)]
    public void Partial_R_squared_uses_unweighted_squares(
        string weights,
        string method,
        double ofSmooth,
        double ofFactor,
        double deltaOfSmooth
    )
    {
        var cohort = CohortTable.Read(Golden("smooths-cohort.csv"), checkNames: true);
        var model = new ModelSpec
        {
            Engine = "gam",
            Formula = "y ~ s(x, k=6) + f",
            Weights = weights,
            NumSubjLthrAbs = 10,
            NumSubjLthrRel = 0,
            Gam = new() { Method = method, ChangedRsqTermIndex = [1, 2] },
        };
        var engine = GamEngine.Create(model, cohort, ["y"], "y", KernelChoice.Auto, RowsCache.DefaultBytes);
        using var fitter = engine.CreateFitter();
        var y = ((NumericColumn)cohort.Get("y")).Values.ToArray();
        var results = new ResultBlock(new(0, 1), new double[engine.Layout.PartialColumns.Count], new ElementStatus[1]);
        fitter.Fit(new(new[] { new ScalarValues(0, 1, default, y, 1) }, [Enumerable.Range(0, y.Length).ToArray()]), results);

        double Of(string column) => results.Column(engine.Layout.PartialColumns.ToList().IndexOf(column))[0];
        Of("s_x.partial.rsq").ShouldBe(ofSmooth, 1e-6);
        Of("f.partial.rsq").ShouldBe(ofFactor, 1e-6);
        Of("s_x.delta.adj.rsq").ShouldBe(deltaOfSmooth, 1e-6);
    }

    private static string Golden(string name, [CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "..", "golden", name);

    private static int Power(string column) =>
        column switch
        {
            "model.scale" or "model.deviance" => 2,
            _ => column.EndsWith(".estimate", StringComparison.Ordinal) || column.EndsWith(".std.error", StringComparison.Ordinal) ? 1 : 0,
        };

    /// <summary>A term shrunk to zero ends at its own bound: 1e-6 relative, 1e-7 absolute.</summary>
    private static void Near(double actual, double expected, string what) =>
        Math.Abs(actual - expected).ShouldBeLessThan((1e-6 * Math.Abs(expected)) + 1e-7, $"{what}: {actual:R} for {expected:R}");

    private static (IReadOnlyList<string> Names, double[,] Values) Fit(
        string formula,
        string method,
        Func<int, int, double> response,
        int[]? order = null,
        long cacheBytes = RowsCache.DefaultBytes,
        KernelChoice kernel = KernelChoice.Auto
    )
    {
        var engine = Engine(formula, method, order, cacheBytes, kernel);
        using var fitter = engine.CreateFitter();
        var results = Results(engine);
        fitter.Fit(Block(response), results);
        var names = engine.Layout.PartialColumns;
        var values = new double[names.Count, Elements];
        for (var c = 0; c < names.Count; c++)
        for (var e = 0; e < Elements; e++)
            values[c, e] = results.Columns()[(c * Elements) + e];
        return (names, values);
    }

    private static GamEngine Engine(
        string formula,
        string method,
        int[]? order = null,
        long cacheBytes = RowsCache.DefaultBytes,
        KernelChoice kernel = KernelChoice.Auto
    )
    {
        order ??= [.. Enumerable.Range(0, Subjects)];
        var columns = new List<CohortColumn>
        {
            new NumericColumn("Age", [.. order.Select(i => Age[i])], false),
            new NumericColumn("Motion", [.. order.Select(i => Motion[i])], false),
            new TextColumn("sex", [.. order.Select(i => Sex[i])]),
            new TextColumn("id", [.. order.Select(i => $"P{i * 7 % 18}")]),
        };
        var model = new ModelSpec
        {
            Engine = "gam",
            Formula = formula,
            FullOutputs = true,
            NumSubjLthrAbs = 10,
            NumSubjLthrRel = 0,
            Gam = new() { Method = method },
        };
        return GamEngine.Create(model, new("cohort.csv", columns), ["y"], "y", kernel, cacheBytes);
    }

    private static ScalarBlock Block(Func<int, int, double> value)
    {
        var values = new double[Subjects * Elements];
        for (var i = 0; i < Subjects; i++)
        for (var e = 0; e < Elements; e++)
            values[(i * Elements) + e] = value(i, e);
        return new(new[] { new ScalarValues(0, Elements, default, values, Elements) }, [Enumerable.Range(0, Subjects).ToArray()]);
    }

    private static ResultBlock Results(GamEngine engine) =>
        new(new(0, Elements), new double[engine.Layout.PartialColumns.Count * Elements], new ElementStatus[Elements]);

    /// <summary>Effects of both covariates, of a size that differs by element, and noise that is not of one cycle.</summary>
    private static double Response(int i, int e) =>
        (0.1 * (e % 7) * Math.Sin(Age[i] / 2))
        + (0.2 * (e % 5) * (Motion[i] - 0.5) * (Age[i] - 15) / 7)
        + Noise(i, e)
        + Noise(i, e + 500)
        - 1;

    private static double Noise(int i, int e)
    {
        var bits = ((ulong)i * 0x9E3779B97F4A7C15UL) ^ (((ulong)e + 1) * 0xBF58476D1CE4E5B9UL);
        bits = (bits ^ (bits >> 31)) * 0x94D049BB133111EBUL;
        return ((bits ^ (bits >> 29)) >> 11) * (1.0 / (1UL << 53));
    }
}
